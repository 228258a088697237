#pragma once
// What a reader gets in one turn: a run of entries, as the buffers of one write.

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/cursor.h"
#include "fleet/words.h"
#include "stream/encoded.h"

namespace cc::stream {

/// Which entries a reader asks for. Its cursor moves over the others.
struct Filter {
  std::set<fleet::EventKind> kinds;    // empty: all
  std::optional<std::string> gateway;  // empty: all

  [[nodiscard]] bool takes_all() const { return kinds.empty() && !gateway; }
  [[nodiscard]] bool takes(const Encoded& entry) const;
  friend bool operator==(const Filter&, const Filter&) = default;
};

/// A run of entries that pass a filter, from ring or journal; good for every reader at the same
/// place.
class Batch {
 public:
  /// Bounds one turn of a reader: entries looked at, buffers of one gather write, bytes.
  static constexpr std::size_t kMaxScanned = 1024;
  static constexpr std::size_t kMaxBuffers = 64;
  static constexpr std::size_t kMaxBytes = 128U << 10U;

  Batch(Seq after, const Filter& filter, bool chunked)
      : after_(after), through_(after), filter_(filter), chunked_(chunked) {}

  /// False once it is full; the entry is then not in it. Entries follow on `through`.
  bool add(const Encoded& entry);

  [[nodiscard]] bool serves(Seq after, const Filter& filter, bool chunked) const {
    return after == after_ && chunked == chunked_ && filter == filter_;
  }
  /// The cursor once all of it is written, entries that the filter leaves out included.
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
  Filter filter_;
  bool chunked_;
  std::size_t scanned_ = 0;
  std::size_t bytes_ = 0;
  std::vector<Piece> pieces_;
  std::vector<std::string_view> buffers_;
  std::vector<std::shared_ptr<const std::string>> slabs_;  // what the views point into
};

}  // namespace cc::stream
