#pragma once
// Committed entries as the bytes that every reader gets, made once.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/cursor.h"
#include "fleet/words.h"
#include "journal/entry.h"

namespace cc::stream {

/// One entry: its event block, framed as an HTTP chunk of its own. Because each entry is framed
/// alone, its bytes are the same for all readers, and a reader's place is a number and not a
/// buffer.
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

/// Encodes entries one after the other. Neighbours stand side by side in slabs of about 64 KiB, so
/// that many go out as one buffer.
class EntryEncoder {
 public:
  /// What an entry needs beside its body: id, event, the members put in front, the chunk.
  static constexpr std::size_t kRoomPerEntry = 192;

  /// `expected`: bytes that the bodies have, with that room for each; a slab reserves no more.
  explicit EntryEncoder(std::size_t expected) : expected_(expected) {}

  /// Each body is copied once: to where it is sent from.
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

/// What one reader wants of the entries.
struct Selection {
  std::uint32_t kinds = ~0U;  // a bit per fleet::EventKind
  std::optional<std::string> gateway;
  bool chunked = true;

  [[nodiscard]] bool whole() const { return kinds == ~0U && !gateway; }
  [[nodiscard]] bool takes(const Encoded& entry) const;
  friend bool operator==(const Selection&, const Selection&) = default;
};

/// A run of entries picked for a selection, from ring or journal; good for every reader at the same
/// place.
class Batch {
 public:
  /// Bounds one turn of a reader: entries looked at, buffers of one gather write, bytes.
  static constexpr std::size_t kMaxScanned = 1024;
  static constexpr std::size_t kMaxBuffers = 64;
  static constexpr std::size_t kMaxBytes = 128U << 10U;

  Batch(Seq after, const Selection& selection)
      : after_(after), through_(after), selection_(selection) {}

  /// False once it is full; the entry is then not in it. Entries follow on `through`.
  bool add(const Encoded& entry);

  [[nodiscard]] bool serves(Seq after, const Selection& selection) const {
    return after == after_ && selection == selection_;
  }
  /// The cursor once all of it is written, entries that the selection leaves out included.
  [[nodiscard]] Seq through() const { return through_; }
  [[nodiscard]] bool empty() const { return pieces_.empty(); }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  [[nodiscard]] const std::vector<std::string_view>& buffers() const { return buffers_; }

  /// What becomes of it when only the first `written` bytes went out.
  struct Cut {
    Seq through = 0;             // the last entry of which a byte is out
    std::string_view remainder;  // what that entry still lacks
    std::size_t entries = 0;
  };
  [[nodiscard]] Cut cut(std::size_t written) const;

 private:
  struct Piece {
    Seq seq;
    std::string_view bytes;
  };
  void place(std::string_view bytes, const std::shared_ptr<const std::string>& slab);
  [[nodiscard]] bool adjoins(std::string_view bytes) const;

  Seq after_;
  Seq through_;
  Selection selection_;
  std::size_t scanned_ = 0;
  std::size_t bytes_ = 0;
  std::vector<Piece> pieces_;
  std::vector<std::string_view> buffers_;
  std::vector<std::shared_ptr<const std::string>> slabs_;  // what the views point into
};

}  // namespace cc::stream
