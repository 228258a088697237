// The body of what a gateway answers over HTTP.

#include "fuzzing.h"
#include "gateway/testing/hostile.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto found = cc::gateway::protocol::read_hostile_body(cc::fuzzing::text_of(data, size));
  cc::fuzzing::must(found.empty(), found);
  return 0;
}
