#pragma once
// What a link remembers from one connection to the next.

#include <algorithm>
#include <atomic>
#include <optional>
#include <string>

#include "gateway/reading/known_rows.h"

namespace cc::gateway {

struct LinkHistory {
  /// A list of sessions was longer than a message may be.
  void ask_for_fewer_rows() { most_rows = most_rows ? std::max(50, *most_rows / 4) : 2000; }

  std::optional<int> most_rows;        // in one answer
  std::atomic<bool> synced = false;    // whether a sync was ever committed in this process
  KnownRows known;                     // on the link's thread
  std::string default_agent = "main";  // by the latest list; what gateways call it until told else
};

}  // namespace cc::gateway
