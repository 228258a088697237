#pragma once
// What the simulator counted, for tests and benches to ask.

#include <cstdint>
#include <map>
#include <string>

#include "base/json_writer.h"

namespace cc::sim {

struct Stats {
  std::uint64_t accepted = 0;  // TCP connections
  std::uint64_t upgraded = 0;  // WebSockets
  std::uint64_t admitted = 0;  // hello-ok sent
  std::uint64_t refused = 0;
  std::uint64_t slow_consumers = 0;
  std::uint64_t dropped_frames = 0;  // events left out for readers that were behind
  std::uint64_t sent_bytes = 0;
  std::uint64_t rest_hits = 0;  // GET /api/agents
  std::uint64_t tools_hits = 0;
  std::uint64_t http_requests = 0;  // all but /_sim/
  std::uint64_t events_made = 0;    // by the emitter
  std::uint64_t behind = 0;         // events that the emitter should have made by now and did not
  std::uint64_t behind_max = 0;
  std::map<std::string, std::uint64_t, std::less<>> frames;    // by event
  std::map<std::string, std::uint64_t, std::less<>> requests;  // by method
  std::string last_user_agent;
};

inline void count(std::map<std::string, std::uint64_t, std::less<>>& counters,
                  std::string_view name) {
  const auto found = counters.find(name);
  if (found != counters.end()) {
    ++found->second;
  } else {
    counters.emplace(name, 1);
  }
}

/// Members, no braces.
void write_stats(JsonWriter& json, const Stats& stats);

}  // namespace cc::sim
