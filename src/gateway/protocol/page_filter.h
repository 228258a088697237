#pragma once
// A page of `sessions.list` before it is parsed: rows that say what they said before need not be
// read again. A gateway repeats all of its rows at each connect, of which nearly all are as they
// were. Pure.

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <simdjson.h>

namespace cc::gateway::protocol {

/// Stands for the bytes of a row as they came, but for the digits of `snapshotAt`: that is the time
/// of the answer (protocol 4), nothing of the session's, and no field of ours.
using RowPrint = std::uint64_t;
[[nodiscard]] RowPrint print_of_row(std::string_view row);

/// The text of a frame, and how many bytes behind it may be read.
struct FrameText {
  std::string_view bytes;
  std::size_t readable_after = 0;
};

/// Takes rows out of one text at a time; what it answers is valid until the next call.
class PageFilter {
 public:
  /// The frame without the rows that `is_known`, which is asked once of each, in order. A frame
  /// that is not an answer with `payload.sessions`, or is not JSON as far as those go, comes back
  /// as it was, and nobody was asked. What is left is not checked: it is for a parser to read.
  [[nodiscard]] FrameText filter(FrameText frame, const std::function<bool(RowPrint)>& is_known);

  /// Of the rows that the latest call left in, in order; nothing where it asked nobody.
  [[nodiscard]] std::span<const RowPrint> left_in() const { return left_in_; }

 private:
  [[nodiscard]] bool find_rows(FrameText frame);

  simdjson::ondemand::parser parser_;
  std::vector<std::string_view> rows_;
  std::vector<RowPrint> left_in_;
  std::string text_;
};

}  // namespace cc::gateway::protocol
