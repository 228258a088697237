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

}  // namespace cc::stream
