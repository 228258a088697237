#include "stream/replay.h"

#include <utility>

namespace cc::stream {

Result<Replay::Found> Replay::fill(Seq after, Seq head, Batch& batch) {
  if (!page_covers(after)) {
    const auto read = read_page(after);
    if (!read || *read == Found::kOvertaken) return read;
  }
  for (auto i = static_cast<std::size_t>(after + 1 - page_.front().seq); i < page_.size(); ++i) {
    if (page_[i].seq > head || !batch.add(page_[i])) break;
  }
  return Found::kEntries;
}

bool Replay::page_covers(Seq after) const {
  return !page_.empty() && after + 1 >= page_.front().seq && after < page_.back().seq;
}

Result<Replay::Found> Replay::read_page(Seq after) {
  page_.clear();
  if (!reader_) {
    auto opened = store_.open_reader();
    if (!opened) return std::unexpected(opened.error());
    reader_ = std::move(*opened);
  }
  EntryEncoder encoder(page_bytes_);
  const auto position =
      reader_->visit_after(after, page_entries_, page_bytes_,
                           [&encoder](const journal::EntryView& entry, const store::Position& at) {
                             encoder.add(entry, at.epoch);
                           });
  if (!position) return std::unexpected(position.error());
  auto page = encoder.finish();
  const bool follows = !page.empty() && page.front().seq == after + 1;
  if (after + 1 < position->oldest || !follows) return Found::kOvertaken;
  page_ = std::move(page);
  return Found::kEntries;
}

}  // namespace cc::stream
