#include "gateway_sim/stats.h"

namespace cc::sim {
namespace {

void write_counters(JsonWriter& json, std::string_view name,
                    const std::map<std::string, std::uint64_t, std::less<>>& counters) {
  json.key(name).begin_object();
  for (const auto& [key, number] : counters) json.field(key, number);
  json.end_object();
}

}  // namespace

void write_stats(JsonWriter& json, const Stats& stats) {
  json.field("accepted", stats.accepted)
      .field("upgraded", stats.upgraded)
      .field("admitted", stats.admitted);
  json.field("refused", stats.refused).field("slowConsumers", stats.slow_consumers);
  json.field("droppedFrames", stats.dropped_frames).field("sentBytes", stats.sent_bytes);
  json.field("restHits", stats.rest_hits).field("toolsHits", stats.tools_hits);
  json.field("httpRequests", stats.http_requests).field("eventsMade", stats.events_made);
  json.field("behind", stats.behind).field("behindMax", stats.behind_max);
  json.field("lastUserAgent", stats.last_user_agent);
  write_counters(json, "frames", stats.frames);
  write_counters(json, "requests", stats.requests);
}

}  // namespace cc::sim
