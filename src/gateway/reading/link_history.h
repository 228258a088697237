#pragma once
// What a link remembers from one connection to the next.

#include <atomic>

#include "gateway/reading/known_rows.h"

namespace cc::gateway {

struct LinkHistory {
  std::atomic<bool> synced = false;  // whether a sync was ever committed in this process
  KnownRows known;                   // on the link's thread
};

}  // namespace cc::gateway
