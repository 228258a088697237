#pragma once
// How the latest run of a session ended, as its row says it. journal/run_ends.h reads the same out
// of an entry.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace cc::fleet {

enum class Outcome : std::uint8_t {
  kNone,  // a person stopped it
  kDone,
  kFailed,
};

struct RunEnd {
  std::string agent;
  std::string session;  // its key
  TimeMs at = 0;        // by the gateway's clock
  Outcome outcome = Outcome::kNone;
};

/// What a row says of it; empty where no run has ended. Template, since rows are packed or not.
template <class Row>
[[nodiscard]] std::optional<Outcome> outcome_of(const Row& row) {
  if (!row.ended_at || !row.status) return std::nullopt;
  if (*row.status == "done") return Outcome::kDone;
  const TimeMs began = row.started_at.value_or(*row.ended_at);
  const bool failed = *row.status != "killed" && row.last_error_at && *row.last_error_at >= began;
  return failed ? Outcome::kFailed : Outcome::kNone;
}

}  // namespace cc::fleet
