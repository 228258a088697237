#pragma once
// The long answers and the events that show the whole fleet. Encoded without a tree, since they are
// the big ones.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gateway_sim/story/event.h"
#include "gateway_sim/story/rows.h"
#include "gateway_sim/world/world.h"

namespace cc::sim {

struct ServerFacts {
  Protocol protocol = Protocol::kV4;
  std::string boot_id;
  std::string auth_mode = "token";
  TimeMs started_at = 0;
  std::uint64_t presence_version = 1;
  std::uint64_t health_version = 1;
  Millis tick{30'000};
  std::size_t max_buffered_bytes = 52'428'800;
};

[[nodiscard]] std::string_view server_version(Protocol protocol);

struct HelloAuth {
  std::string method;  // token, password, device-token, none
  std::string role;
  std::vector<std::string> scopes;
  std::string device_token;  // empty: none
  TimeMs issued_at = 0;
};

struct Hello {
  HelloAuth auth;
  std::string connection_id;
  std::vector<std::string> methods;  // that this gateway answers
};

void write_hello(JsonWriter& json, const World& world, const ServerFacts& facts, const Hello& hello,
                 TimeMs now);
void write_agents_list(JsonWriter& json, const World& world, Protocol protocol);
/// The list of entries, an array.
void write_presence_list(JsonWriter& json, const World& world, Protocol protocol);
/// Members of the health payload, no braces.
void write_health(JsonWriter& json, const World& world, Protocol protocol, TimeMs now);
void write_status(JsonWriter& json, const World& world, Protocol protocol, TimeMs now);
[[nodiscard]] Event presence_event(const World& world, Protocol protocol);
[[nodiscard]] Event health_event(const World& world, Protocol protocol, TimeMs now);

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

/// Newest first.
void write_sessions_list(JsonWriter& json, const World& world, Protocol protocol,
                         const SessionQuery& query);

/// The answer of GET /api/agents.
[[nodiscard]] std::string rest_agents(const World& world);
/// `details` of the tools that POST /tools/invoke knows.
void write_tool_sessions(JsonWriter& json, const World& world, const SessionQuery& query);
void write_tool_agents(JsonWriter& json, const World& world);

}  // namespace cc::sim
