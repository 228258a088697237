#pragma once
// Cuts known rows out of a page of `sessions.list` before it is parsed. A gateway repeats all rows
// at each connect, and nearly all are unchanged. Pure.

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <simdjson.h>

namespace cc::gateway::protocol {

/// A hash of a row's bytes without the digits of `snapshotAt`, which is the time of the answer
/// (protocol 4) and not part of the session.
using RowPrint = std::uint64_t;
[[nodiscard]] RowPrint print_of_row(std::string_view row);

/// The text of a frame, and how many bytes behind it may be read.
struct FrameText {
  std::string_view bytes;
  std::size_t readable_after = 0;
};

/// Filters one text at a time. The result is valid until the next call.
class PageFilter {
 public:
  /// The frame without the rows for which `is_known` is true. It is asked once per row, in order. A
  /// frame that is not an answer with `payload.sessions`, or not JSON up to there, is returned
  /// unchanged, and `is_known` is not asked. The rest is not checked; a parser follows.
  [[nodiscard]] FrameText filter(FrameText frame, const std::function<bool(RowPrint)>& is_known);

  /// Hashes of the rows that the latest call left in, in order. Empty if it asked about none.
  [[nodiscard]] std::span<const RowPrint> left_in() const { return left_in_; }

 private:
  [[nodiscard]] bool find_rows(FrameText frame);

  simdjson::ondemand::parser parser_;
  std::vector<std::string_view> rows_;
  std::vector<RowPrint> left_in_;
  std::string text_;
};

}  // namespace cc::gateway::protocol
