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

void SessionsReading::add(Page page, std::size_t refused) {
  refused_ += refused;
  total_ = page.total;
  ++pages_;
  reserve_for(page);
  move_on(page);
  for (auto& row : page.list.sessions) {
    const auto [known, fresh] = place_.try_emplace(row.key, list_.sessions.size());
    if (fresh) {
      list_.sessions.push_back(std::move(row));
    } else {
      list_.sessions[known->second] = std::move(row);
    }
  }
  list_.texts.take_in(std::move(page.list.texts));
  if (pages_ >= kMostPages || list_.sessions.size() >= kMostRows) give_up();
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

void SessionsReading::told(std::string_view key, bool exists) {
  if (pages_ == 0 || !next_) return;
  if (told_.size() >= kMostRows) {
    sane_ = false;
    return;
  }
  told_.insert_or_assign(std::string(key), exists);
  if (!exists) ++gone_;
}

/// Many rows would be moved again and again while their list grows.
void SessionsReading::reserve_for(const Page& page) {
  if (pages_ > 1 || !page.total) return;
  const auto rows = std::clamp<std::int64_t>(*page.total, 0, kMostRows);
  list_.sessions.reserve(static_cast<std::size_t>(rows));
  place_.reserve(static_cast<std::size_t>(rows));
}

std::int64_t SessionsReading::named() const {
  auto count = static_cast<std::int64_t>(list_.sessions.size() + refused_);
  for (const auto& [key, exists] : told_) {
    const bool listed = place_.contains(key);
    if (exists && !listed) ++count;
    if (!exists && listed) --count;
  }
  return count;
}

bool SessionsReading::complete() const {
  if (next_ || pages_ == 0 || !sane_) return false;
  if (!total_) return pages_ == 1;
  return named() == std::max<std::int64_t>(0, *total_);
}

fleet::SessionList SessionsReading::take() {
  list_.complete = complete();
  for (const auto& [key, exists] : told_) {
    if (exists && !place_.contains(key)) list_.others.push_back(list_.texts.keep(key));
  }
  return std::move(list_);
}

}  // namespace cc::gateway
