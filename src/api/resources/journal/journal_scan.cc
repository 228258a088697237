#include "api/resources/journal/journal_scan.h"

#include <algorithm>
#include <ranges>

namespace cc::api {
namespace {

// How much is read at a time if most of it is filtered out.
constexpr std::size_t kSliceEntries = 512;
constexpr std::size_t kSliceBytes = 512U << 10U;

}  // namespace

JournalScan::JournalScan(Direction direction, Seq place, std::size_t limit, EntryFilter filter)
    : direction_(direction),
      range_{place, place},
      limit_(limit),
      filter_(std::move(filter)),
      position_{Epoch::draw(), 0, 0, 0} {}

Result<JournalScan::State> JournalScan::step(store::JournalReader& reader) {
  auto slice = read_slice(reader);
  if (!slice) return std::unexpected(slice.error());
  position_ = slice->position;
  return look_through(std::move(slice->entries));
}

Result<store::JournalPage> JournalScan::read_slice(store::JournalReader& reader) const {
  const bool all = filter_.takes_all();
  const std::size_t entries = all ? limit_ : kSliceEntries;
  const std::size_t bytes = all ? kMaxPageBytes : kSliceBytes;
  return direction_ == Direction::kForward ? reader.read_after(range_.high - 1, entries, bytes)
                                           : reader.read_before(range_.low, entries, bytes);
}

JournalScan::State JournalScan::look_through(std::vector<journal::Entry> slice) {
  if (direction_ == Direction::kBackward) std::ranges::reverse(slice);
  // Retention may have removed what comes next. What was found is returned, and the next request
  // will get 410.
  if (slice.empty() || !follows(slice.front().seq)) return finish();
  for (auto& entry : slice) {
    look_at(std::move(entry));
    if (is_full()) return finish();
  }
  return is_at_the_end() || filter_.takes_all() ? finish() : State::kGoesOn;
}

bool JournalScan::follows(Seq seq) const {
  return direction_ == Direction::kForward ? seq == range_.high : seq + 1 == range_.low;
}

void JournalScan::look_at(journal::Entry entry) {
  direction_ == Direction::kForward ? range_.high = entry.seq + 1 : range_.low = entry.seq;
  ++scanned_;
  scanned_bytes_ += entry.body.size();
  if (!filter_.takes(entry)) return;
  bytes_ += entry.body.size();
  entries_.push_back(std::move(entry));
}

bool JournalScan::is_full() const {
  return entries_.size() >= limit_ || bytes_ > kMaxPageBytes || scanned_ >= kMaxScanned ||
         scanned_bytes_ >= kMaxScannedBytes;
}

bool JournalScan::is_at_the_end() const {
  return direction_ == Direction::kForward ? range_.high > position_.head
                                           : range_.low <= position_.oldest;
}

JournalScan::State JournalScan::finish() {
  if (direction_ == Direction::kBackward) std::ranges::reverse(entries_);
  return State::kDone;
}

}  // namespace cc::api
