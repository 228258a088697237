#include "gateway/sessions_reading.h"

#include <utility>

namespace cc::gateway {

namespace {
// More than any gateway has: an answer that never ends must hold us neither for ever nor for all
// memory.
constexpr std::size_t kMostPages = 10'000;
constexpr std::size_t kMostRows = 200'000;
}  // namespace

void SessionsReading::add(Page page, std::size_t refused) {
  if (pages_ > 0 && page.total != total_) steady_ = false;
  const bool forward = !page.next_offset || !next_ || *page.next_offset > *next_;
  if (!forward || ++pages_ >= kMostPages || list_.sessions.size() >= kMostRows) {
    steady_ = false;
    page.next_offset.reset();
  }
  total_ = page.total;
  next_ = page.next_offset;
  refused_ += refused;
  reserve_for(page);
  for (auto& row : page.list.sessions) {
    const auto [known, fresh] = place_.try_emplace(row.key, list_.sessions.size());
    if (fresh) {
      list_.sessions.push_back(std::move(row));
    } else {
      list_.sessions[known->second] = std::move(row);
    }
  }
  list_.texts.take_in(std::move(page.list.texts));
}

/// Many rows would be moved again and again while their list grows.
void SessionsReading::reserve_for(const Page& page) {
  if (pages_ > 1 || !page.total) return;
  const auto rows = std::clamp<std::int64_t>(*page.total, 0, kMostRows);
  list_.sessions.reserve(static_cast<std::size_t>(rows));
  place_.reserve(static_cast<std::size_t>(rows));
}

bool SessionsReading::complete() const {
  if (next_ || pages_ == 0) return false;
  if (!total_) return pages_ == 1;
  return steady_ && list_.sessions.size() + refused_ ==
                        static_cast<std::size_t>(std::max<std::int64_t>(0, *total_));
}

fleet::SessionList SessionsReading::take() {
  list_.complete = complete();
  return std::move(list_);
}

}  // namespace cc::gateway
