#pragma once
// The hello: what a client is told once it was let in.

#include <cstdint>
#include <string>
#include <vector>

#include "base/json_writer.h"
#include "gateway_sim/world/world.h"

namespace cc::sim {

/// What the gateway says of itself.
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

}  // namespace cc::sim
