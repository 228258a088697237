#pragma once
// What a reader gets in one turn: consecutive entries, as the buffers of one write.

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/cursor.h"
#include "fleet/rows/words.h"
#include "stream/encoded.h"

namespace cc::stream {

/// Which entries a reader asks for. Its cursor moves over the others without sending them.
struct Filter {
  std::set<fleet::EventKind> kinds;    // empty: all
  std::optional<std::string> gateway;  // empty: all

  [[nodiscard]] bool takes_all() const { return kinds.empty() && !gateway; }
  [[nodiscard]] bool takes(const Encoded& entry) const;
  friend bool operator==(const Filter&, const Filter&) = default;
};

/// Consecutive entries that pass a filter, from the ring or the journal. One slice serves all
/// readers at the same place with the same filter.
class Slice {
 public:
  /// Bounds one turn of a reader: entries looked at, buffers of one gather write, bytes.
  static constexpr std::size_t kMaxScanned = 1024;
  static constexpr std::size_t kMaxBuffers = 64;
  static constexpr std::size_t kMaxBytes = 128U << 10U;

  Slice(Seq after, const Filter& filter, bool chunked)
      : after_(after), through_(after), filter_(filter), chunked_(chunked) {}

  /// Adds the entry that follows `through`. False if the slice is full; the entry is then not in
  /// it.
  bool add(const Encoded& entry);

  [[nodiscard]] bool serves(Seq after, const Filter& filter, bool chunked) const {
    return after == after_ && chunked == chunked_ && filter == filter_;
  }
  /// The cursor after all of it is written. Entries that the filter leaves out count too.
  [[nodiscard]] Seq through() const { return through_; }
  [[nodiscard]] bool empty() const { return pieces_.empty(); }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  [[nodiscard]] const std::vector<std::string_view>& buffers() const { return buffers_; }

  /// What is left if only the first `written` bytes were sent.
  struct Cut {
    Seq through = 0;             // the last entry of which a byte was sent
    std::string_view remainder;  // the rest of that entry
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
  Filter filter_;
  bool chunked_;
  std::size_t scanned_ = 0;
  std::size_t bytes_ = 0;
  std::vector<Piece> pieces_;
  std::vector<std::string_view> buffers_;
  std::vector<std::shared_ptr<const std::string>> slabs_;  // what the views point into
};

}  // namespace cc::stream
