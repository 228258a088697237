#include "fleet/rules/failures.h"

namespace cc::fleet {
namespace {

constexpr std::string_view kFailed = "Failed.";
constexpr std::string_view kTimedOut = "Timed out.";

/// Whether the row's last error is of the run that began then, or ended then.
bool is_of_run(const SessionView& row, std::optional<TimeMs> started_at, TimeMs ended_at) {
  return row.last_error_at && *row.last_error_at >= started_at.value_or(ended_at);
}

bool is_ours(std::string_view sentence) {
  return sentence == kFailed || sentence == kTimedOut;
}

std::string_view words_for(const SessionView& row, const Failure& failure) {
  if (!failure.words.empty()) return failure.words;
  const std::string_view held = row.last_error.value_or("");
  const bool has_words = !held.empty() && !is_ours(held);
  return has_words && is_of_run(row, failure.started_at, failure.at) ? held
                                                                     : sentence_for(failure.status);
}

}  // namespace

std::string_view sentence_for(std::string_view status) {
  return status == "timeout" ? kTimedOut : kFailed;
}

void note_failure(Draft& draft, std::string_view session_key, const Failure& failure) {
  const auto held = draft.peek<Session>(session_key);
  if (!held) return;
  const std::string_view words = words_for(*held, failure);
  if (held->last_error == words && held->last_error_at == failure.at) return;
  SessionView& row = draft.obtain<Session>(session_key, held);
  row.last_error = words;
  row.last_error_at = failure.at;
}

void note_stop(Draft& draft, const SessionView& row) {
  if (!row.started_at || !is_of_run(row, row.started_at, *row.started_at)) return;
  SessionView* edited = draft.edit<Session>(row.key);
  edited->last_error.reset();
  edited->last_error_at.reset();
}

}  // namespace cc::fleet
