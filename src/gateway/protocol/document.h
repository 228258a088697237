#pragma once
// Parses untrusted JSON within bounds of size and depth.

#include <memory>
#include <string_view>

#include <simdjson.h>

#include "base/result.h"

namespace cc::gateway::protocol {

/// Parses one text at a time and owns its memory: the result is valid until the next call. Text
/// that `repair` can fix is fixed.
class Document {
 public:
  Document();

  /// kTooLarge (over kMaxFrameBytes, or nested deeper than 128), kInvalid (not JSON).
  /// Where `readable_after` bytes behind the text may be read, it is read where it stands, else in
  /// a copy that has room behind it.
  [[nodiscard]] Result<simdjson::dom::element> parse(std::string_view text,
                                                     std::size_t readable_after = 0);

 private:
  void reset();

  std::unique_ptr<simdjson::dom::parser> parser_;
};

}  // namespace cc::gateway::protocol
