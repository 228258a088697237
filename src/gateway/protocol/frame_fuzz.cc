// libFuzzer's entry: the first byte chooses the protocol, the rest is what a gateway sends.

#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "gateway/protocol/hostile.h"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  static cc::gateway::protocol::FrameParser parser;
  auto found = cc::gateway::protocol::read_hostile_frame(parser, bytes, data[0] % 2 == 0 ? 3 : 4);
  if (found.empty()) found = cc::gateway::protocol::read_hostile_body(bytes);
  if (!found.empty()) {
    std::fprintf(stderr, "%s\n", found.c_str());
    std::abort();
  }
  return 0;
}
