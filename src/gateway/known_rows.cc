#include "gateway/known_rows.h"

#include <algorithm>
#include <utility>

namespace cc::gateway {

namespace {

// Where so many more were spoken of than there are, little is left to be known.
constexpr std::size_t kFew = 64;
// As many as a reading may have rows.
constexpr std::size_t kMostSpokenOf = 200'000;

/// Busy rows are read each time: what runs in them may have ended and begun anew without a trace in
/// what they say.
bool is_idle(const fleet::SessionPatch& row) {
  if (row.has_active_run) return !*row.has_active_run;
  return row.status.value_or(std::nullopt) != "running";
}

}  // namespace

void KnownRows::Reading::clear() {
  rows = {};
  spoken_of = {};
}

std::optional<KnownRows::IdentityPrint> KnownRows::find(RowPrint row) const {
  const auto found = std::ranges::lower_bound(last_.rows, row, {}, &Known::row);
  if (found == last_.rows.end() || found->row != row) return std::nullopt;
  if (last_.spoken_of.contains(found->session)) return std::nullopt;
  return found->session;
}

void KnownRows::begin_reading() {
  under_way_.clear();
  reading_ = true;
}

void KnownRows::listed(const fleet::SessionPatch& row, RowPrint print) {
  const IdentityPrint session = fleet::print_of(row.key);
  if (!last_.rows.empty()) last_.spoken_of.insert(session);
  if (reading_ && is_idle(row)) under_way_.rows.push_back({print, session});
}

void KnownRows::listed_again(RowPrint row, IdentityPrint session) {
  if (reading_) under_way_.rows.push_back({row, session});
}

void KnownRows::end_reading(bool committed) {
  if (!committed) return forget();
  if (!std::exchange(reading_, false)) return;
  last_ = std::exchange(under_way_, {});
  last_.rows.shrink_to_fit();
  std::ranges::sort(last_.rows, {}, &Known::row);
}

void KnownRows::heard(const fleet::Observation& observation) {
  if (const auto* changed = std::get_if<fleet::SessionChanged>(&observation.what)) {
    spoken_of(fleet::print_of(changed->row.key));
  } else if (const auto* deleted = std::get_if<fleet::SessionDeleted>(&observation.what)) {
    spoken_of(fleet::print_of(deleted->key));
  } else if (const auto* listed = std::get_if<fleet::AgentsListed>(&observation.what)) {
    agents_are(listed->agents);
  }
}

void KnownRows::heard(const fleet::SessionList& list) {
  for (const auto& row : list.sessions) spoken_of(fleet::print_of(row.key));
}

void KnownRows::spoken_of(IdentityPrint session) {
  if (!last_.rows.empty()) {
    last_.spoken_of.insert(session);
    if (last_.spoken_of.size() > last_.rows.size() + kFew) last_.clear();
  }
  if (reading_) {
    under_way_.spoken_of.insert(session);
    if (under_way_.spoken_of.size() > kMostSpokenOf) forget();
  }
}

void KnownRows::agents_are(const fleet::AgentList& list) {
  std::uint64_t together = list.agents.size();
  for (const auto& agent : list.agents) together += fleet::print_of(agent.id);
  if (std::exchange(agents_, together) != together) forget();
}

void KnownRows::forget() {
  last_.clear();
  under_way_.clear();
  reading_ = false;
}

}  // namespace cc::gateway
