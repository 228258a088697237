#pragma once
// What a reader of the stream asks for.

#include <optional>

#include "base/clock.h"
#include "journal/start_point.h"
#include "stream/slice.h"

namespace cc::stream {

struct Wanted {
  journal::StartPoint start = {};
  Filter filter = {};
  std::optional<Millis> heartbeat = {};  // empty: as in StreamOptions
};

}  // namespace cc::stream
