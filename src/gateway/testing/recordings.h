#pragma once
// For tests: what was recorded from real gateways (tests/fixtures/gateway), line by line.

#include <string>
#include <string_view>
#include <vector>

#include "gateway/protocol/dialect.h"
#include "gateway/protocol/frame.h"

namespace cc::gateway::protocol {

/// One line of a recording. `frame` is the frame's text as it was on the wire; a close is no frame.
struct RecordedLine {
  bool incoming = false;
  std::string connection;
  std::string frame;
  bool is_close = false;
  int close_code = 0;
  std::string close_reason;
};

/// "v3/agent-run" and the like, in order.
[[nodiscard]] std::vector<std::string> recorded_scenarios();
[[nodiscard]] std::vector<RecordedLine> read_recording(const std::string& scenario);
/// 3 or 4.
[[nodiscard]] int protocol_of(std::string_view scenario);
[[nodiscard]] const Dialect& dialect_of(std::string_view scenario);
/// The version of the gateway that was recorded.
[[nodiscard]] std::string_view release_of(std::string_view scenario);

/// A parser and the text it reads, for tests that need one element.
class Parsed {
 public:
  explicit Parsed(std::string_view json);
  [[nodiscard]] simdjson::dom::element operator*() const { return root_; }

 private:
  simdjson::dom::parser parser_;
  simdjson::dom::element root_;
};

}  // namespace cc::gateway::protocol
