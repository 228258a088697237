#pragma once
// Lists of rows and single rows, for each kind alike.

#include "api/routes/call.h"
#include "fleet/state/published.h"

namespace cc::api {

/// Holds the fleet's lock only while it takes pointers out; looks at rows and encodes them
/// afterwards.
class RowsResource {
 public:
  explicit RowsResource(const fleet::PublishedFleet& published) : published_(published) {}

  /// For each kind of rows.
  template <class Row>
  [[nodiscard]] Answer list(const Call& call) const;
  /// For those that gateway and identity name.
  template <class Row>
  [[nodiscard]] Answer one(const Call& call) const;
  /// A command is named by its id alone.
  [[nodiscard]] Answer command(const Call& call) const;

 private:
  const fleet::PublishedFleet& published_;
};

}  // namespace cc::api
