#include "stream/encoded.h"

#include <algorithm>

#include "stream/sse_encoder.h"

namespace cc::stream {
namespace {

constexpr std::size_t kSlabBytes = 64U << 10U;

}  // namespace

void EntryEncoder::add(const journal::EntryView& entry, const Epoch& epoch) {
  write_head(entry, epoch);
  if (slab_.empty()) slab_.reserve(std::min(expected_, kSlabBytes) + kRoomPerEntry);
  const auto body = entry.body.substr(1);  // the head opens the object
  Encoded& encoded = encoded_.emplace_back();
  encoded.seq = entry.seq;
  encoded.kind = entry.event;
  encoded.gateway = entry.gateway;
  encoded.offset = slab_.size();
  encoded.frame = append_chunk_head(slab_, head_.size() + body.size() + kEventEnd.size());
  slab_.append(head_).append(body).append(kEventEnd).append(kChunkEnd);
  encoded.size = slab_.size() - encoded.offset;
  expected_ -= std::min(expected_, entry.body.size() + kRoomPerEntry);
  if (slab_.size() >= kSlabBytes) close_slab();
}

void EntryEncoder::write_head(const journal::EntryView& entry, const Epoch& epoch) {
  head_.clear();
  cursor_.assign(epoch.text()).append("-").append(std::to_string(entry.seq));
  append_event_head(head_, cursor_, text(entry.event));
  journal::append_entry_head(head_, entry.seq, epoch.text());
}

void EntryEncoder::close_slab() {
  if (slab_.capacity() > slab_.size() + slab_.size() / 4) slab_.shrink_to_fit();
  const auto slab = std::make_shared<const std::string>(std::exchange(slab_, {}));
  for (; open_ < encoded_.size(); ++open_) encoded_[open_].slab = slab;
}

std::vector<Encoded> EntryEncoder::finish() {
  close_slab();
  return std::move(encoded_);
}

std::string_view Encoded::bytes(bool chunked) const {
  const std::string_view all(slab->data() + offset, size);
  return chunked ? all : all.substr(frame, size - frame - kChunkEnd.size());
}

std::vector<Encoded> encode_entries(std::span<const journal::Entry> entries, const Epoch& epoch) {
  std::size_t expected = 0;
  for (const auto& entry : entries) expected += entry.body.size() + EntryEncoder::kRoomPerEntry;
  EntryEncoder encoder(expected);
  for (const auto& entry : entries) encoder.add(journal::view_of(entry), epoch);
  return encoder.finish();
}

bool Selection::takes(const Encoded& entry) const {
  const auto bit = 1U << static_cast<unsigned>(entry.kind);
  return (kinds & bit) != 0 && (!gateway || *gateway == entry.gateway);
}

bool Batch::add(const Encoded& entry) {
  if (scanned_ == kMaxScanned || bytes_ >= kMaxBytes) return false;
  if (selection_.takes(entry)) {
    const auto bytes = entry.bytes(selection_.chunked);
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
bool Batch::adjoins(std::string_view bytes) const {
  return !buffers_.empty() && buffers_.back().data() + buffers_.back().size() == bytes.data();
}

void Batch::place(std::string_view bytes, const std::shared_ptr<const std::string>& slab) {
  if (adjoins(bytes)) {
    buffers_.back() = {buffers_.back().data(), buffers_.back().size() + bytes.size()};
    return;
  }
  buffers_.push_back(bytes);
  if (slabs_.empty() || slabs_.back() != slab) slabs_.push_back(slab);
}

Batch::Cut Batch::cut(std::size_t written) const {
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
