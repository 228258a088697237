#include "gateway/reading/known_rows.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace cc::gateway {

namespace {

// If so many sessions were mentioned, few rows are still known.
constexpr std::size_t kFew = 64;
// As many as a reading may have rows.
constexpr std::size_t kMostSpokenOf = 200'000;

/// Busy rows are read each time: a run may end and another begin without any change in the row.
bool is_idle(const fleet::SessionPatch& row) {
  if (row.has_active_run) return !*row.has_active_run;
  return row.status.value_or(std::nullopt) != "running";
}

}  // namespace

std::optional<KnownRows::IdentityPrint> KnownRows::find(RowPrint row) {
  const auto place = index_of(row);
  if (!place) return std::nullopt;
  next_ = *place + 1;
  const IdentityPrint session = last_.rows[*place].session;
  if (last_.spoken_of.contains(session)) return std::nullopt;
  return session;
}

std::optional<KnownRows::Index> KnownRows::index_of(RowPrint row) {
  const auto& rows = last_.rows;
  if (next_ < rows.size() && rows[next_].row == row) return next_;
  const auto print = [&rows](Index place) { return rows[place].row; };
  if (by_print_.size() != rows.size()) {
    by_print_.resize(rows.size());
    std::iota(by_print_.begin(), by_print_.end(), Index{0});
    std::ranges::sort(by_print_, {}, print);
  }
  const auto found = std::ranges::lower_bound(by_print_, row, {}, print);
  if (found == by_print_.end() || rows[*found].row != row) return std::nullopt;
  return *found;
}

void KnownRows::take_over(Listing listing) {
  last_ = std::move(listing);
  by_print_ = {};
  next_ = 0;
}

void KnownRows::begin_listing() {
  next_ = 0;
  under_way_ = {};
  listing_ = true;
}

void KnownRows::listed(const fleet::SessionPatch& row, RowPrint print) {
  const IdentityPrint session = fleet::print_of(row.key);
  if (!last_.rows.empty()) last_.spoken_of.insert(session);
  if (listing_ && is_idle(row)) under_way_.rows.push_back({print, session});
}

void KnownRows::listed_again(RowPrint row, IdentityPrint session) {
  if (listing_) under_way_.rows.push_back({row, session});
}

void KnownRows::end_listing(bool committed) {
  if (!committed) return forget();
  if (!std::exchange(listing_, false)) return;
  under_way_.rows.shrink_to_fit();
  take_over(std::exchange(under_way_, {}));
}

void KnownRows::heard(const fleet::Observation& observation) {
  if (const auto* changed = std::get_if<fleet::SessionChanged>(&observation.what)) {
    spoken_of(fleet::print_of(changed->row.key));
  } else if (const auto* deleted = std::get_if<fleet::SessionDeleted>(&observation.what)) {
    spoken_of(fleet::print_of(deleted->key));
  } else if (const auto* run = std::get_if<fleet::RunEvent>(&observation.what)) {
    // The start of a run that comes late makes a session busy that was listed as idle.
    if (run->kind != fleet::RunEvent::Kind::kProgress) spoken_of(fleet::print_of(run->session_key));
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
    if (last_.spoken_of.size() > last_.rows.size() + kFew) take_over({});
  }
  if (listing_) {
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
  take_over({});
  under_way_ = {};
  listing_ = false;
}

}  // namespace cc::gateway
