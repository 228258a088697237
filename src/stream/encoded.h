#pragma once
// Encodes committed entries once, as the bytes that every reader gets.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/cursor.h"
#include "fleet/rows/words.h"
#include "journal/entry.h"

namespace cc::stream {

/// One entry: its event block, framed as an HTTP chunk of its own. Because each entry is framed
/// alone, its bytes are the same for all readers, and a reader's place is a number, not a buffer.
struct Encoded {
  Seq seq = 0;
  fleet::EventKind kind = fleet::EventKind::kFleetUpdate;
  std::string gateway;
  std::shared_ptr<const std::string> slab;  // shared with its neighbours
  std::size_t offset = 0;
  std::size_t size = 0;
  std::size_t frame = 0;  // length of the chunk's header

  [[nodiscard]] std::string_view bytes(bool chunked) const;
};

/// Encodes entries one after the other. Neighbours are side by side in slabs of about 64 KiB, so
/// that many are sent as one buffer.
class EntryEncoder {
 public:
  /// What an entry needs beside its body: id, event, the members put in front, the chunk.
  static constexpr std::size_t kRoomPerEntry = 192;

  /// `expected`: bytes that the bodies have, with that room for each; a slab reserves no more.
  explicit EntryEncoder(std::size_t expected) : expected_(expected) {}

  /// Copies the body once, to the place it is sent from.
  void add(const journal::EntryView& entry, const Epoch& epoch);
  [[nodiscard]] std::vector<Encoded> finish();

 private:
  void write_head(const journal::EntryView& entry, const Epoch& epoch);
  void close_slab();

  std::size_t expected_;
  std::vector<Encoded> encoded_;
  std::size_t open_ = 0;  // the first entry whose slab is still being filled
  std::string slab_;
  std::string head_;
  std::string cursor_;
};

[[nodiscard]] std::vector<Encoded> encode_entries(std::span<const journal::Entry> entries,
                                                  const Epoch& epoch);

}  // namespace cc::stream
