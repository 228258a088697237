#pragma once
// What the simulator is started with.

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway_sim/door/doorkeeper.h"
#include "gateway_sim/story/narrator.h"
#include "gateway_sim/world/world.h"

namespace cc::sim {

enum class RestMode { kOn, kOff, kHtml };

/// "on", "off" or "html".
[[nodiscard]] std::optional<RestMode> rest_mode_named(std::string_view name);

struct Options {
  std::string host = "127.0.0.1";
  std::uint16_t port = 18789;
  Protocol protocol = Protocol::kV4;
  WorldSpec world;
  std::optional<double> events_per_second;  // none: what the scenario makes
  std::string token = "demo-token";
  std::string password;
  bool pairing = false;
  RestMode rest = RestMode::kOn;
  bool tools = true;
  bool slim_rows = false;
  std::string call_log;  // a file; empty: none
  Millis error_grace{15'000};
  Millis tick{30'000};
  Millis health{60'000};
  std::size_t max_buffered_bytes = 52'428'800;

  [[nodiscard]] double rate() const;
};

struct Parsed {
  std::optional<Options> options;
  std::string text;  // where there are no options: what to print
  int exit_code = 0;
};

[[nodiscard]] Parsed parse_options(const std::vector<std::string>& arguments);

}  // namespace cc::sim
