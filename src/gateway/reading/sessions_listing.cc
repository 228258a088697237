#include "gateway/reading/sessions_listing.h"

#include <algorithm>
#include <utility>

namespace cc::gateway {

namespace {
// More than any gateway has. Bounds time and memory if a list never ends.
constexpr std::size_t kMostPages = 2'000;
constexpr std::size_t kMostRows = 200'000;
// Half a page. If sessions are deleted faster than that, the listing ends, but is not complete.
constexpr std::int64_t kWidestMargin = 100;
}  // namespace

protocol::FrameText SessionsListing::without_known_rows(protocol::FrameText frame) {
  left_out_.clear();
  if (known_ == nullptr) return frame;
  return filter_.filter(frame, [this](protocol::RowPrint row) {
    const auto session = known_->find(row);
    if (session) left_out_.emplace_back(row, *session);
    return session.has_value();
  });
}

fleet::SessionList SessionsListing::add(Page page, std::size_t skipped) {
  skipped_ += skipped;
  total_ = page.total;
  ++pages_;
  move_on(page);
  remember(page.list);
  const std::size_t before = listed_.size() + skipped_ - skipped;
  note(page.list);
  // Else a gateway that repeats itself under ever new offsets would be asked for ever.
  if (next_ && listed_.size() + skipped_ == before) give_up();
  leave_out_overtaken(page.list);
  if (pages_ >= kMostPages || listed_.size() >= kMostRows) give_up();
  if (complete()) finish(page.list);
  return std::move(page.list);
}

/// Takes the rows that were left out back in, and has all of them known next time.
void SessionsListing::remember(fleet::SessionList& rows) {
  if (known_ == nullptr) return;
  for (const auto& [row, session] : left_out_) {
    known_->listed_again(row, session);
    rows.unchanged.push_back(session);
  }
  const auto prints = filter_.left_in();
  // Else some row was skipped, and nobody can say which print is whose.
  if (prints.size() != rows.sessions.size()) return known_->heard(rows);
  for (std::size_t i = 0; i < prints.size(); ++i) known_->listed(rows.sessions[i], prints[i]);
}

void SessionsListing::note(const fleet::SessionList& rows) {
  if (pages_ == 1 && total_) {
    listed_.reserve(static_cast<std::size_t>(std::clamp<std::int64_t>(*total_, 0, kMostRows)));
  }
  for (const auto& row : rows.sessions) listed_.insert(fleet::print_of(row.key));
  listed_.insert(rows.unchanged.begin(), rows.unchanged.end());
}

/// The sessions behind a deleted one slip forward by a place, while the next page is on its way as
/// well: a page that started too far back is read once more, from further in front.
void SessionsListing::move_on(const Page& page) {
  const std::int64_t asked = next_.value_or(0);
  const std::int64_t slipped = std::exchange(gone_, 0);
  if (page.next_offset && *page.next_offset <= asked) return give_up();
  unseen_ = std::max<std::int64_t>(0, unseen_ - slipped);
  margin_ = std::min(kWidestMargin, std::max(margin_, slipped));
  if (asked <= unseen_ || slipped > kWidestMargin) {
    if (!page.next_offset) return next_.reset();
    unseen_ = *page.next_offset;
  }
  next_ = std::max<std::int64_t>(0, unseen_ - margin_);
}

void SessionsListing::give_up() {
  sane_ = false;
  next_.reset();
}

void SessionsListing::told(const fleet::SessionChanged& changed) {
  const auto& row = changed.row;
  const TimeMs at = row.complete ? row.updated_at.value_or(std::nullopt).value_or(0) : 0;
  tell(row.key, {.exists = true, .session_id = {}, .whole_at = at});
}

void SessionsListing::told(const fleet::SessionDeleted& deleted) {
  tell(deleted.key, {.exists = false, .session_id = deleted.session_id, .whole_at = 0});
}

void SessionsListing::tell(std::string_view key, Told what) {
  if (pages_ == 0 || !next_) return;
  if (!what.exists) ++gone_;
  const auto session = fleet::print_of(key);
  if (const auto known = told_.find(session); known != told_.end()) {
    known->second = std::move(what);
  } else if (told_.size() < kMostRows) {
    told_.emplace(session, std::move(what));
  } else {
    sane_ = false;
  }
}

/// A gateway may answer from a cache. What it said since then counts.
bool SessionsListing::has_overtaken(const fleet::SessionPatch& row) const {
  const auto found = told_.find(fleet::print_of(row.key));
  if (found == told_.end()) return false;
  const Told& said = found->second;
  if (said.exists) return row.updated_at.value_or(std::nullopt).value_or(0) < said.whole_at;
  const auto generation = row.session_id.value_or(std::nullopt);
  return !said.session_id || !generation || *generation == *said.session_id;
}

void SessionsListing::leave_out_overtaken(fleet::SessionList& rows) const {
  if (told_.empty()) return;
  std::erase_if(rows.sessions, [this](const auto& row) { return has_overtaken(row); });
}

std::int64_t SessionsListing::named() const {
  auto count = static_cast<std::int64_t>(listed_.size() + skipped_);
  for (const auto& [key, said] : told_) {
    const bool listed = listed_.contains(key);
    if (said.exists && !listed) ++count;
    if (!said.exists && listed) --count;
  }
  return count;
}

bool SessionsListing::complete() const {
  if (next_ || pages_ == 0 || !sane_) return false;
  if (!total_) return pages_ == 1;
  return named() == std::max<std::int64_t>(0, *total_);
}

void SessionsListing::finish(fleet::SessionList& last) const {
  last.complete = true;
  if (pages_ == 1 && last.unchanged.empty()) return;
  const auto is_gone = [this](fleet::IdentityPrint session) {
    const auto found = told_.find(session);
    return found != told_.end() && !found->second.exists;
  };
  boost::unordered_flat_set<fleet::IdentityPrint> here;
  for (const auto& row : last.sessions) here.insert(fleet::print_of(row.key));
  last.others.reserve(listed_.size());
  for (const auto session : listed_) {
    if (!here.contains(session) && !is_gone(session)) last.others.push_back(session);
  }
  for (const auto& [session, said] : told_) {
    if (said.exists && !listed_.contains(session)) last.others.push_back(session);
  }
}

}  // namespace cc::gateway
