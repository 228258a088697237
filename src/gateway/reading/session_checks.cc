#include "gateway/reading/session_checks.h"

#include <algorithm>
#include <utility>

#include <boost/container_hash/hash.hpp>

namespace cc::gateway {
namespace {

constexpr std::size_t kMostWaiting = 2'000;
/// After 1, 2, 4, 8 and 16 times the first pause, what a gateway has not said it will not say.
constexpr int kMostSteps = 5;
constexpr int kFirmFrom = 3;
constexpr int kMostFailures = 5;

template <class T>
void mix(std::size_t& print, const fleet::Field<T>& said) {
  if (said && *said) boost::hash_combine(print, **said);
  boost::hash_combine(print, said.has_value());
}

/// Of what a run changes in a row.
std::uint64_t print_of(const fleet::SessionPatch& row) {
  std::size_t print = 1;
  mix(print, row.status);
  mix(print, row.updated_at);
  mix(print, row.input_tokens);
  mix(print, row.output_tokens);
  mix(print, row.total_tokens);
  mix(print, row.cost_usd);
  boost::hash_combine(print, row.has_active_run.value_or(false));
  return print | 1U;
}

bool is_running(const fleet::SessionPatch& row) {
  return row.status.value_or(std::nullopt) == "running";
}

bool has_figures(const fleet::SessionPatch& row) {
  return row.figures_are_fresh && row.input_tokens.value_or(std::nullopt) &&
         row.output_tokens.value_or(std::nullopt);
}

/// Busy, and ended: one of the two is late.
bool is_contradictory(const fleet::SessionPatch& row) {
  return row.has_active_run.value_or(false) && row.ended_at.value_or(std::nullopt) &&
         !is_running(row);
}

}  // namespace

SessionChecks::Check* SessionChecks::find(std::string_view session) {
  const auto found = waiting_.find(session);
  return found == waiting_.end() ? nullptr : &found->second;
}

void SessionChecks::want(const std::string& session, SteadyTime due, bool awaits_figures) {
  Check* held = find(session);
  if (held == nullptr) {
    // What is left out is doubted again, or comes with the next list.
    if (waiting_.size() >= kMostWaiting) return;
    held = &waiting_.emplace(session, Check{.due = due}).first->second;
  }
  held->due = std::min(held->due, due);
  held->step = 0;
  held->awaits_figures = held->awaits_figures || awaits_figures;
}

void SessionChecks::ended(const std::string& session, SteadyTime now) {
  want(session, now + timing_.figures_after, true);
}

void SessionChecks::doubted(const std::string& session, SteadyTime now) {
  want(session, now + timing_.sessions_debounce, false);
}

void SessionChecks::heard(std::string_view session) {
  if (Check* held = find(session)) held->overtaken = true;
}

std::optional<SteadyTime> SessionChecks::next_due() const {
  if (waiting_.empty()) return std::nullopt;
  const auto by_time = [](const auto& a, const auto& b) { return a.second.due < b.second.due; };
  return std::max(free_at_, std::ranges::min_element(waiting_, by_time)->second.due);
}

std::size_t SessionChecks::count_due(SteadyTime now) const {
  return static_cast<std::size_t>(std::ranges::count_if(
      waiting_, [&](const auto& waiting) { return waiting.second.due <= now; }));
}

std::vector<std::string> SessionChecks::take(SteadyTime now) {
  std::vector<std::string> due;
  if (now < free_at_) return due;
  for (auto& [session, check] : waiting_) {
    if (check.due > now) continue;
    check.overtaken = false;
    due.push_back(session);
  }
  if (!due.empty()) free_at_ = now + timing_.checks_apart;
  return due;
}

Millis SessionChecks::pause_after(int step) const {
  return timing_.figures_after * (2 << step);
}

SessionChecks::Verdict SessionChecks::answered(const std::string& session,
                                               const fleet::SessionPatch* row, SteadyTime now) {
  Check* check = find(session);
  if (check == nullptr) return Verdict::kOvertaken;
  check->due = now + pause_after(check->step);
  if (check->overtaken) return Verdict::kOvertaken;
  if (row == nullptr) {
    waiting_.erase(session);
    return Verdict::kTaken;
  }
  const std::uint64_t print = print_of(*row);
  const bool is_steady = std::exchange(check->print, print) == print;
  const bool is_firm = is_steady && check->step >= kFirmFrom;
  const bool has_all =
      is_running(*row) || !check->awaits_figures || (has_figures(*row) && is_steady);
  const bool is_done = has_all && !is_contradictory(*row);
  if (is_done || is_firm || ++check->step >= kMostSteps) waiting_.erase(session);
  return is_firm ? Verdict::kFirm : Verdict::kTaken;
}

void SessionChecks::failed(const std::string& session, SteadyTime now) {
  Check* check = find(session);
  if (check == nullptr) return;
  check->due = now + timing_.refetch_retry;
  if (++check->failures >= kMostFailures) waiting_.erase(session);
}

}  // namespace cc::gateway
