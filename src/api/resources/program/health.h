#pragma once
// Whether the program lives, and whether it can serve.

#include <functional>
#include <string>
#include <vector>

#include "api/routes/call.h"

namespace cc::api {

/// The state of one part. A gateway that cannot be reached (`gateway:NAME`) is shown and does not
/// make us unready: serving what was last known is the job.
struct PartState {
  std::string name;  // database, ingest, gateway:NAME, …
  bool ready = true;
  std::string detail;
};

class HealthResource {
 public:
  using Ask = std::function<std::vector<PartState>()>;
  /// `parts` is asked at each request; it must be quick.
  explicit HealthResource(Ask parts) : parts_(std::move(parts)) {}

  [[nodiscard]] Answer alive(const Call& call) const;
  /// The parts are shown only to those who are signed in.
  [[nodiscard]] Answer ready(const Call& call) const;

 private:
  Ask parts_;
};

}  // namespace cc::api
