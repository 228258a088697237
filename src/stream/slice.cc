#include "stream/slice.h"

#include <algorithm>

namespace cc::stream {

bool Filter::takes(const Encoded& entry) const {
  return (kinds.empty() || kinds.contains(entry.kind)) && (!gateway || *gateway == entry.gateway);
}

bool Slice::add(const Encoded& entry) {
  if (scanned_ == kMaxScanned || bytes_ >= kMaxBytes) return false;
  if (filter_.takes(entry)) {
    const auto bytes = entry.bytes(chunked_);
    if (!adjoins(bytes) && buffers_.size() == kMaxBuffers) return false;
    place(bytes, entry.slab);
    pieces_.push_back({entry.seq, bytes});
    bytes_ += bytes.size();
  }
  ++scanned_;
  through_ = entry.seq;
  return true;
}

/// Equal addresses mean the same slab: a string's end is a byte of its own.
bool Slice::adjoins(std::string_view bytes) const {
  return !buffers_.empty() && buffers_.back().data() + buffers_.back().size() == bytes.data();
}

void Slice::place(std::string_view bytes, const std::shared_ptr<const std::string>& slab) {
  if (adjoins(bytes)) {
    buffers_.back() = {buffers_.back().data(), buffers_.back().size() + bytes.size()};
    return;
  }
  buffers_.push_back(bytes);
  if (slabs_.empty() || slabs_.back() != slab) slabs_.push_back(slab);
}

Slice::Cut Slice::cut(std::size_t written) const {
  if (written == bytes_) return {.through = through_, .remainder = {}, .entries = pieces_.size()};
  Cut cut{.through = after_, .remainder = {}, .entries = 0};
  for (const auto& piece : pieces_) {
    if (written == 0) break;
    const auto out = std::min(written, piece.bytes.size());
    written -= out;
    cut.through = piece.seq;
    cut.remainder = piece.bytes.substr(out);
    ++cut.entries;
  }
  return cut;
}

}  // namespace cc::stream
