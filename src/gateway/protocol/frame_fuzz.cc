// What a gateway sends on its WebSocket: the first byte chooses the protocol, the rest is a frame.

#include "fuzzing.h"
#include "gateway/testing/hostile.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  static cc::gateway::protocol::FrameParser parser;
  const auto bytes = cc::fuzzing::text_of(data + 1, size - 1);
  const auto found =
      cc::gateway::protocol::read_hostile_frame(parser, bytes, data[0] % 2 == 0 ? 3 : 4);
  cc::fuzzing::must(found.empty(), found);
  return 0;
}
