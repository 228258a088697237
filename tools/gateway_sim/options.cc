#include "gateway_sim/options.h"

#include <sstream>

#include <CLI/CLI.hpp>

#include "gateway_sim/story/emitter.h"

namespace cc::sim {
namespace {

/// What CLI11 fills and Options spells otherwise.
struct Raw {
  std::string listen = "127.0.0.1:18789";
  int protocol = 4;
  std::int64_t error_grace_ms = 15'000;
  std::int64_t tick_ms = 30'000;
  std::int64_t health_ms = 60'000;
  std::string scenario = "calm";
  std::string rest = "on";
  std::string tools = "on";
  std::string titles = "plain";
  std::string rows = "full";
};

void add_fleet_options(CLI::App& app, Options& options, Raw& raw) {
  app.add_option("--agents", options.world.agents, "How many agents there are")
      ->capture_default_str();
  app.add_option("--sessions", options.world.sessions,
                 "How many sessions, at least one for each agent")
      ->capture_default_str();
  app.add_option("--events", options.events_per_second,
                 "Events per second; else what the scenario makes");
  app.add_option("--seed", options.world.seed,
                 "The same seed makes the same fleet and the same sequence")
      ->capture_default_str();
  app.add_option("--scenario", raw.scenario, "What goes on; changes: every event changes a row")
      ->check(CLI::IsMember({"calm", "busy", "incident", "storm", "changes"}))
      ->capture_default_str();
  app.add_option("--titles", raw.titles, "plain, or hostile: markup, right to left, very long")
      ->check(CLI::IsMember({"plain", "hostile"}))
      ->capture_default_str();
  app.add_option("--rows", raw.rows,
                 "full, or slim: without the long members that no monitor reads")
      ->check(CLI::IsMember({"full", "slim"}))
      ->capture_default_str();
}

void add_door_options(CLI::App& app, Options& options, Raw& raw) {
  app.add_option("--listen", raw.listen, "HOST:PORT; port 0 takes any and prints it")
      ->capture_default_str();
  app.add_option("--protocol", raw.protocol, "3 or 4")
      ->check(CLI::IsMember({3, 4}))
      ->capture_default_str();
  app.add_option("--token", options.token, "Shared token; empty for none")->capture_default_str();
  app.add_option("--password", options.password, "Shared password, where there is no token");
  app.add_flag("--pairing", options.pairing, "New devices wait until somebody approves them");
  app.add_option("--rest", raw.rest, "What GET /api/agents answers: the agents, 404 or a page")
      ->check(CLI::IsMember({"on", "off", "html"}))
      ->capture_default_str();
  app.add_option("--call-log", options.call_log,
                 "A file that gets a line of JSON for each call that changes something");
  app.add_option("--tools", raw.tools, "Whether POST /tools/invoke answers")
      ->check(CLI::IsMember({"on", "off"}))
      ->capture_default_str();
}

void add_timing_options(CLI::App& app, Options& options, Raw& raw) {
  app.add_option("--error-grace-ms", raw.error_grace_ms,
                 "How long protocol 3 waits before an error is final")
      ->capture_default_str();
  app.add_option("--tick-ms", raw.tick_ms, "Time between two ticks")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--health-ms", raw.health_ms, "Time between two health events")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--max-buffered", options.max_buffered_bytes,
                 "Bytes held for one client before it is thrown out")
      ->capture_default_str();
}

Scenario scenario_named(const std::string& name) {
  if (name == "busy") return Scenario::kBusy;
  if (name == "incident") return Scenario::kIncident;
  if (name == "changes") return Scenario::kChanges;
  return name == "storm" ? Scenario::kStorm : Scenario::kCalm;
}

/// False where it is not HOST:PORT.
bool read_listen(const std::string& listen, Options& options) {
  const std::size_t colon = listen.rfind(':');
  int port = -1;
  if (colon != std::string::npos && !CLI::detail::lexical_cast(listen.substr(colon + 1), port))
    port = -1;
  if (port < 0 || port > 65'535) return false;
  options.host = listen.substr(0, colon);
  options.port = static_cast<std::uint16_t>(port);
  return true;
}

/// Empty, or what is wrong.
std::string take_over(const Raw& raw, Options& options) {
  if (!read_listen(raw.listen, options))
    return "--listen: HOST:PORT is wanted, not '" + raw.listen + "'";
  options.protocol = raw.protocol == 3 ? Protocol::kV3 : Protocol::kV4;
  options.error_grace = Millis{raw.error_grace_ms};
  options.tick = Millis{raw.tick_ms};
  options.health = Millis{raw.health_ms};
  options.world.scenario = scenario_named(raw.scenario);
  options.rest = rest_mode_named(raw.rest).value_or(RestMode::kOn);
  options.tools = raw.tools == "on";
  options.world.hostile_titles = raw.titles == "hostile";
  options.slim_rows = raw.rows == "slim";
  return {};
}

}  // namespace

std::optional<RestMode> rest_mode_named(std::string_view name) {
  if (name == "on") return RestMode::kOn;
  if (name == "off") return RestMode::kOff;
  if (name == "html") return RestMode::kHtml;
  return std::nullopt;
}

double Options::rate() const {
  return events_per_second.value_or(default_rate(world.scenario));
}

Parsed parse_options(const std::vector<std::string>& arguments) {
  CLI::App app{
      "A simulated OpenClaw gateway: protocol 3 or 4 on a WebSocket, the REST endpoints on the "
      "same port,"
      " and /_sim/ to steer it."};
  app.name("gateway-sim");
  Options options;
  Raw raw;
  add_door_options(app, options, raw);
  add_fleet_options(app, options, raw);
  add_timing_options(app, options, raw);
  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::ParseError& error) {
    std::ostringstream out;
    const int code = app.exit(error, out, out);
    return {std::nullopt, out.str(), code == 0 ? 0 : 2};
  }
  if (const std::string fault = take_over(raw, options); !fault.empty())
    return {std::nullopt, fault + '\n', 2};
  return {options, {}, 0};
}

}  // namespace cc::sim
