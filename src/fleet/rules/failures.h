#pragma once
// What a session's row keeps of its latest failure. Part of `merge`.

#include <optional>
#include <string_view>

#include "fleet/rules/draft.h"

namespace cc::fleet {

/// A run that failed. Its texts must stay until `Draft::finish`.
struct Failure {
  TimeMs at = 0;  // when it ended, by the gateway's clock
  std::optional<TimeMs> started_at;
  std::string_view status;  // failed, timeout
  std::string_view words;   // the gateway's; may be empty
};

/// Writes it into the session's row, if there is one. Told twice of one run, the gateway's words
/// stay and the later time counts.
void note_failure(Draft& draft, std::string_view session_key, const Failure& failure);
/// A person stopped the session's latest run: what looked like its failure was none.
void note_stop(Draft& draft, const SessionView& row);

/// A sentence for a failure that the gateway has no words for.
[[nodiscard]] std::string_view sentence_for(std::string_view status);

}  // namespace cc::fleet
