#include "fleet/rules/status_reason.h"

#include <algorithm>

#include "base/text.h"
#include "fleet/rules/failures.h"

namespace cc::fleet {
namespace {

constexpr TimeMs kSecond = 1'000;
constexpr TimeMs kMinute = 60 * kSecond;
constexpr TimeMs kHour = 60 * kMinute;
/// A title may be a whole message; its beginning says which session it is.
constexpr std::size_t kTitleBytes = 200;

/// In a row of a table there is room for one unit.
std::string in_one_unit(TimeMs time) {
  if (time < kMinute) return std::to_string(time / kSecond) + " s";
  if (time < 2 * kHour) return std::to_string(time / kMinute) + " min";
  return std::to_string(time / kHour) + " h";
}

std::string silence(TimeMs time) {
  return time < kSecond ? "No progress" : "No progress for over " + in_one_unit(time);
}

std::string_view without_full_stop(std::string_view sentence) {
  if (sentence.ends_with('.')) sentence.remove_suffix(1);
  return sentence;
}

Text title_of(const Seen<Session>& session) {
  if (!session || !session->title || session->title->empty()) return std::nullopt;
  return clean_text(*session->title, kTitleBytes);
}

/// `verdict` may be empty where the status says it all.
StatusReason about(const Draft& draft, const std::string& key, std::string verdict) {
  StatusReason reason;
  if (!key.empty()) reason.session_key = key;
  if (const Text title = title_of(draft.peek<Session>(key))) {
    verdict += (verdict.empty() ? "" : " · ") + *title;
  }
  if (!verdict.empty()) reason.text = clean_text(verdict);
  return reason;
}

std::string failure_of(const Draft& draft, const LastEnd& end) {
  const auto session = draft.peek<Session>(end.session_key);
  if (session && session->last_error) return std::string(without_full_stop(*session->last_error));
  return std::string(without_full_stop(end.error.empty() ? sentence_for(end.status)
                                                         : std::string_view(end.error)));
}

const Run& most_silent(const AgentRuns& runs) {
  return *std::ranges::min_element(runs.runs, {}, &Run::silent_since);
}

StatusReason stalled(const Draft& draft, const Run& run, TimeMs since) {
  auto reason =
      about(draft, run.session_key,
            run.last_progress_at ? silence(since - *run.last_progress_at) : "No progress");
  reason.silent_since = run.last_progress_at;
  return reason;
}

}  // namespace

StatusReason reason_for(const Draft& draft, AgentStatus status, TimeMs since,
                        const AgentRuns& runs) {
  switch (status) {
    case AgentStatus::kWaiting:
      return about(draft, runs.approvals.front().session_key, "Needs approval");
    case AgentStatus::kStalled: return stalled(draft, most_silent(runs), since);
    case AgentStatus::kWorking: return about(draft, runs.runs.front().session_key, "");
    case AgentStatus::kError:
      return about(draft, runs.last_end->session_key, failure_of(draft, *runs.last_end));
    default: return {};
  }
}

}  // namespace cc::fleet
