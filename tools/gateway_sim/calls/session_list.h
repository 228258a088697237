#pragma once
// Lists of sessions: which ones, and a page of them. Encoded without a tree, since they are the big
// answers.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gateway_sim/story/rows.h"
#include "gateway_sim/world/world.h"

namespace cc::sim {

struct SessionQuery {
  std::optional<std::int64_t> limit;
  std::int64_t offset = 0;
  std::string agent_id;
  std::string label;
  std::string search;
  std::optional<std::int64_t> active_minutes;
  bool active_only = false;
  bool archived_too = true;
  /// Added to the total that is told, for a list that changes while it is paged.
  std::int64_t total_shift = 0;
  RowStyle style;
};

/// All that match, newest first.
[[nodiscard]] std::vector<const Session*> select_sessions(const World& world,
                                                          const SessionQuery& query);
/// The answer of sessions.list.
void write_sessions_list(JsonWriter& json, const World& world, Protocol protocol,
                         const SessionQuery& query);

}  // namespace cc::sim
