#include "stream/ring.h"

#include <utility>

namespace cc::stream {

Ring::Ring(Limits limits, Cursor head) : limits_(limits), head_(std::move(head)) {}

void Ring::append(std::vector<Encoded> entries, const Epoch& epoch) {
  if (entries.empty()) return;
  const MutexLock lock(mutex_);
  if (entries.front().seq != head_.seq + 1) {
    // Readers then continue from the journal, which has no holes.
    entries_.clear();
    bytes_ = 0;
  }
  for (auto& entry : entries) {
    bytes_ += entry.size;
    entries_.push_back(std::move(entry));
  }
  head_ = {epoch, entries_.back().seq};
  evict();
}

void Ring::evict() {
  while (entries_.size() > 1 && (entries_.size() > limits_.entries || bytes_ > limits_.bytes)) {
    bytes_ -= entries_.front().size;
    entries_.pop_front();
  }
}

Cursor Ring::head() const {
  const MutexLock lock(mutex_);
  return head_;
}

Seq Ring::from() const {
  const MutexLock lock(mutex_);
  return entries_.empty() ? head_.seq : entries_.front().seq - 1;
}

bool Ring::fill(Seq after, Slice& slice) const {
  const MutexLock lock(mutex_);
  if (after >= head_.seq) return true;
  if (entries_.empty() || after + 1 < entries_.front().seq) return false;
  for (auto i = static_cast<std::size_t>(after + 1 - entries_.front().seq); i < entries_.size();
       ++i) {
    if (!slice.add(entries_[i])) break;
  }
  return true;
}

}  // namespace cc::stream
