#include "gateway/sessions_reading.h"

#include <algorithm>
#include <utility>

namespace cc::gateway {

namespace {
// More than any gateway has: an answer that never ends must hold us neither for ever nor for all
// memory.
constexpr std::size_t kMostPages = 10'000;
constexpr std::size_t kMostRows = 200'000;
// Half a page: a fleet that is deleted faster than that is not read whole, but read to its end.
constexpr std::int64_t kWidestMargin = 100;
}  // namespace

fleet::SessionList SessionsReading::add(Page page, std::size_t refused) {
  refused_ += refused;
  total_ = page.total;
  ++pages_;
  move_on(page);
  note(page.list);
  leave_out_overtaken(page.list);
  if (pages_ >= kMostPages || listed_.size() >= kMostRows) give_up();
  if (complete()) finish(page.list);
  return std::move(page.list);
}

void SessionsReading::note(const fleet::SessionList& rows) {
  if (pages_ == 1 && total_) {
    listed_.reserve(static_cast<std::size_t>(std::clamp<std::int64_t>(*total_, 0, kMostRows)));
  }
  for (const auto& row : rows.sessions) {
    if (!listed_.contains(row.key)) listed_.insert(texts_.keep(row.key));
  }
}

/// The sessions behind a deleted one slip forward by a place, while the next page is on its way as
/// well: a page that started too far back is read once more, from further in front.
void SessionsReading::move_on(const Page& page) {
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

void SessionsReading::give_up() {
  sane_ = false;
  next_.reset();
}

void SessionsReading::told(const fleet::SessionChanged& changed) {
  const auto& row = changed.row;
  const TimeMs at = row.complete ? row.updated_at.value_or(std::nullopt).value_or(0) : 0;
  tell(row.key, {.exists = true, .session_id = {}, .whole_at = at});
}

void SessionsReading::told(const fleet::SessionDeleted& deleted) {
  tell(deleted.key, {.exists = false, .session_id = deleted.session_id, .whole_at = 0});
}

void SessionsReading::tell(std::string_view key, Told what) {
  if (pages_ == 0 || !next_) return;
  if (!what.exists) ++gone_;
  if (const auto known = told_.find(key); known != told_.end()) {
    known->second = std::move(what);
  } else if (told_.size() < kMostRows) {
    told_.emplace(texts_.keep(key), std::move(what));
  } else {
    sane_ = false;
  }
}

/// A gateway may answer from what it remembered a moment ago. What it said since stands.
bool SessionsReading::has_overtaken(const fleet::SessionPatch& row) const {
  const auto found = told_.find(row.key);
  if (found == told_.end()) return false;
  const Told& said = found->second;
  if (said.exists) return row.updated_at.value_or(std::nullopt).value_or(0) < said.whole_at;
  const auto generation = row.session_id.value_or(std::nullopt);
  return !said.session_id || !generation || *generation == *said.session_id;
}

void SessionsReading::leave_out_overtaken(fleet::SessionList& rows) const {
  if (told_.empty()) return;
  std::erase_if(rows.sessions, [this](const auto& row) { return has_overtaken(row); });
}

std::int64_t SessionsReading::named() const {
  auto count = static_cast<std::int64_t>(listed_.size() + refused_);
  for (const auto& [key, said] : told_) {
    const bool listed = listed_.contains(key);
    if (said.exists && !listed) ++count;
    if (!said.exists && listed) --count;
  }
  return count;
}

bool SessionsReading::complete() const {
  if (next_ || pages_ == 0 || !sane_) return false;
  if (!total_) return pages_ == 1;
  return named() == std::max<std::int64_t>(0, *total_);
}

void SessionsReading::finish(fleet::SessionList& last) const {
  last.complete = true;
  if (pages_ == 1) return;
  const auto is_gone = [this](std::string_view key) {
    const auto found = told_.find(key);
    return found != told_.end() && !found->second.exists;
  };
  boost::unordered_flat_set<std::string_view, fleet::IdentityHash> here;
  for (const auto& row : last.sessions) here.insert(row.key);
  last.others.reserve(listed_.size());
  for (const auto key : listed_) {
    if (!here.contains(key) && !is_gone(key)) last.others.push_back(key);
  }
  for (const auto& [key, said] : told_) {
    if (said.exists && !listed_.contains(key)) last.others.push_back(key);
  }
  last.texts.take_in(texts_);
}

}  // namespace cc::gateway
