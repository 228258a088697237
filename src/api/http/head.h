#pragma once
// The head of a request as bytes, checked before any parser is lenient about it. Heads that a proxy
// might read differently are rejected: request smuggling uses that difference.

#include <optional>
#include <string>
#include <string_view>

namespace cc::api {

struct HeadEnd {
  enum class Kind { kIncomplete, kComplete, kMalformed };
  Kind kind = Kind::kIncomplete;
  std::size_t size = 0;  // kComplete: of the head, with the empty line that ends it
};

/// Where the head ends in what has arrived so far. Malformed as soon as a line ends in a bare line
/// feed, or where the first line is empty.
[[nodiscard]] HeadEnd find_head_end(std::string_view arrived);

struct HeadFault {
  int status = 400;
  std::string_view detail;
};

/// What is wrong with a complete head: folded or control-laden lines, a doubtful length of the
/// body, a version that is neither 1.0 nor 1.1. Empty where nothing is. Names and values are left
/// to the parser.
[[nodiscard]] std::optional<HeadFault> find_head_fault(std::string_view head);

}  // namespace cc::api
