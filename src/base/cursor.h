#pragma once
// A place in the journal, as readers write it: `EPOCH-SEQ`.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cc {

/// Number of a journal entry. Starts at 1, has no holes, goes on across epochs; 0 is "before the
/// first".
using Seq = std::uint64_t;

/// Eight characters of [0-9a-z], drawn when a database is made or when numbers might have been
/// handed out twice (a restored backup, an unclean restart of the machine in `relaxed`). Cursors of
/// another epoch are void.
class Epoch {
 public:
  static constexpr std::size_t kLength = 8;

  /// From the operating system's random source.
  static Epoch draw();
  static std::optional<Epoch> parse(std::string_view text);

  [[nodiscard]] const std::string& text() const { return text_; }
  friend bool operator==(const Epoch&, const Epoch&) = default;

 private:
  explicit Epoch(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

struct Cursor {
  Epoch epoch;
  Seq seq = 0;

  /// Accepts exactly what `text()` makes: no sign, no leading zero but "0" itself, at most 20
  /// digits.
  static std::optional<Cursor> parse(std::string_view text);
  [[nodiscard]] std::string text() const;
  friend bool operator==(const Cursor&, const Cursor&) = default;
};

}  // namespace cc
