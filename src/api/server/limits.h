#pragma once
// Limits per client: time, bytes, connections.

#include <cstddef>

#include "base/clock.h"

namespace cc::api {

struct Limits {
  std::size_t connections = 20'000;
  std::size_t head_bytes = 16 * 1024;
  Millis head_deadline{
      10'000};  // from the first byte of a request to the end of its head; also from connecting
  Millis body_deadline{30'000};   // for all of the body
  Millis idle_deadline{60'000};   // between two requests
  Millis write_deadline{60'000};  // in which a piece of an answer must be taken
};

}  // namespace cc::api
