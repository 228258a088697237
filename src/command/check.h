#pragma once
// What was asked for, checked against the table of kinds. The body comes from outside and is not
// trusted.

#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/cursor.h"
#include "command/kinds.h"

namespace cc::command {

/// A body that is in order.
struct Intent {
  const Kind* kind = nullptr;
  std::string gateway;  // empty: all of them, for a kind that is `fleet_wide`
  Targets target = kNothing;
  std::string target_id;  // empty for kNothing
  std::string params;     // JSON: as it may be shown, without what a person said
  /// JSON: all of it. Null where `params` is all of it.
  std::shared_ptr<const std::string> letter;
  std::optional<Seq> expected;  // the version of the target's row that the author saw
  std::string digest;           // the same for the same body, whatever the order of its members
};

/// A member that cannot be used, and the sentence for the one who sent it. It never repeats a
/// value.
struct Fault {
  std::string member;
  std::string detail;
};

/// `body`: {"gateway","kind","target","params","expect":{"version":N}}. Thread-safe.
[[nodiscard]] std::expected<Intent, Fault> read_intent(std::string_view body);

}  // namespace cc::command
