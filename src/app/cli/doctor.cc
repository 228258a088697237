#include <cerrno>
#include <ostream>
#include <system_error>

#include <fmt/format.h>
#include <simdjson.h>
#include <unistd.h>

#include "app/cli/commands.h"
#include "app/cli/finding.h"
#include "app/cli/gateway_probe.h"
#include "app/cli/local_data.h"
#include "app/wiring/build_api.h"
#include "app/wiring/build_links.h"
#include "app/wiring/start_steps.h"
#include "base/date.h"
#include "ingest/journal_clock.h"

namespace cc::app {
namespace {

constexpr Millis kRenewBefore = std::chrono::days(14);
constexpr std::size_t kShownOfDevice = 12;  // enough to find it in the gateway's list

/// Checks the configuration, then the data, then the gateways.
class Doctor {
 public:
  Doctor(Config config, Findings& findings) : config_(std::move(config)), findings_(findings) {}

  void examine() {
    check_configuration();
    check_certificate();
    check_data_dir();
    auto client = connect_to_server(config_);
    if (client) return ask_server(*client);
    if (client.error().code == ErrorCode::kNotFound) return examine_alone();
    findings_.fail("server", client.error().message);
  }

 private:
  void check_configuration() {
    findings_.ok("configuration",
                 fmt::format("understood, {} {}", config_.gateways.size(),
                             config_.gateways.size() == 1 ? "gateway" : "gateways"));
    for (const auto& warning : config_.warnings) findings_.warn("configuration", warning);
    for (const auto& sentence : fall_back_to_loopback(config_, resolves)) {
      findings_.ok("configuration", sentence);
    }
    if (auto secrets = check_secret_files(config_); !secrets) {
      findings_.fail("configuration", secrets.error().message);
    }
    if (config_.gateways.empty()) {
      findings_.warn("configuration", "no gateway is configured", "set WS_GATEWAY_URL");
    }
  }

  void check_certificate() {
    if (!config_.tls_certificate.given()) return;
    const auto loaded = start_certificate(config_);
    if (!loaded) return findings_.fail("certificate", loaded.error().line);
    const auto left = Millis((*loaded)->expires_at() - SystemClock().wall());
    const auto sentence = fmt::format("{} is good until {}", config_.tls_certificate.path.string(),
                                      utc_day((*loaded)->expires_at()));
    if (left > kRenewBefore) return findings_.ok("certificate", sentence);
    findings_.add({left > Millis(0) ? Finding::Level::kWarn : Finding::Level::kFail, "certificate",
                   sentence, "renew it; the server reads the new one by itself"});
  }

  void check_data_dir() {
    if (!DataDir::open_to_others(config_.data_dir)) return;
    findings_.warn("data directory", "others can look into " + config_.data_dir.string(),
                   "run: chmod 700 " + config_.data_dir.string());
  }

  // The server has the database and the gateways; it is asked, and nothing is opened beside it.
  void ask_server(ApiClient& client) {
    findings_.ok("server",
                 fmt::format("version {} serves at {}, process {}", client.server().version,
                             client.server().url(), client.server().pid));
    const auto ready = client.send({.target = "/readyz"});
    if (!ready) return findings_.fail("server", ready.error().message);
    tell_clock(detail_of_part(ready->body, "clock"));
    if (ready->ok()) {
      findings_.ok("database", "the server says that it answers");
    } else {
      findings_.fail("database", "the server says that it is not ready",
                     "look at the server's log, and at the disk's free space");
    }
    const auto gateways = client.send({.target = "/api/v1/gateways?limit=1000"});
    if (!gateways) return findings_.fail("server", gateways.error().message);
    if (gateways->ok()) return tell_gateways(gateways->body);
    findings_.fail("server", gateways->problem(),
                   "give this command the admin token that the server was given");
  }

  static std::string detail_of_part(const std::string& body, std::string_view name) {
    simdjson::dom::parser parser;
    simdjson::dom::array parts;
    if (parser.parse(body)["parts"].get(parts) != simdjson::SUCCESS) return {};
    for (const auto part : parts) {
      std::string_view found;
      std::string_view detail;
      if (part["name"].get(found) != simdjson::SUCCESS || found != name) continue;
      if (part["detail"].get(detail) == simdjson::SUCCESS) return std::string(detail);
    }
    return {};
  }

  void tell_gateways(const std::string& body) {
    simdjson::dom::parser parser;
    simdjson::dom::array items;
    if (parser.parse(body)["items"].get(items) != simdjson::SUCCESS) return;
    for (const auto row : items) tell_gateway(row);
  }

  void tell_gateway(simdjson::dom::element row) {
    const auto text = [&](std::string_view member) {
      std::string_view value;
      return row[member].get(value) == simdjson::SUCCESS ? std::string(value) : std::string();
    };
    const auto state = text("state");
    const auto detail = text("detail");
    const auto sentence = detail.empty() ? state : state + ", " + detail;
    const bool speaks = state == "live" || state == "polling";
    const auto good = detail.empty() ? Finding::Level::kOk : Finding::Level::kWarn;
    findings_.add({speaks ? good : Finding::Level::kFail, "gateway " + text("name"), sentence,
                   text("action")});
  }

  // Each step of `serve`, by the same functions.
  void examine_alone() {
    findings_.ok("server", "none runs on " + config_.data_dir.string());
    auto data = start_data_dir(config_);
    if (!data) return findings_.fail("data directory", data.error().line);
    findings_.ok("data directory", config_.data_dir.string() + " can be written");
    check_database();
    check_tokens(*data);
    check_address();
    auto identity = start_identity(*data);
    if (!identity) return findings_.fail("device key", identity.error().line);
    findings_.ok("device key", fmt::format("gateways know this device as {}…",
                                           identity->id().substr(0, kShownOfDevice)));
    for (const auto& gateway : config_.gateways) {
      probe_gateway(link_options(gateway, config_, *data), *identity, findings_);
    }
  }

  void check_database() {
    if (std::error_code error; !std::filesystem::exists(config_.database, error)) {
      return check_room_for_database();
    }
    auto store = start_store(config_);
    if (!store) return findings_.fail("database", store.error().line);
    if (const auto fleet = start_fleet(**store); !fleet) {
      findings_.fail("database", fleet.error().line);
    }
    tell_position(**store);
    if (auto closed = (*store)->close_cleanly(); !closed) {
      findings_.fail("database", closed.error().message);
    }
  }

  void check_room_for_database() {
    const auto folder = config_.database.parent_path();
    if (::access(folder.c_str(), W_OK | X_OK) == 0) {
      return findings_.ok("database",
                          "none yet; the first start makes " + config_.database.string());
    }
    findings_.fail("database", fmt::format("{} cannot be made: {}", config_.database.string(),
                                           std::generic_category().message(errno)));
  }

  void tell_position(const store::Store& store) {
    const auto position = store.position();
    findings_.ok("database", fmt::format("{} stands at {}", config_.database.string(),
                                         Cursor{position.epoch, position.head}.text()));
    const Millis ahead(position.last_at - SystemClock().wall());
    tell_clock(clock_detail(ahead > ingest::kClockTolerance ? ahead : Millis(0)));
  }

  void tell_clock(const std::string& detail) {
    if (!detail.empty()) findings_.warn("clock", detail);
  }

  void check_tokens(const DataDir& data) {
    const SystemClock clock;
    const auto auth = start_auth(config_, data, clock, Intent::kLook);
    const auto audit = start_audit(data, clock, Intent::kLook);
    if (!auth) findings_.fail("tokens", auth.error().line);
    if (!audit) findings_.fail("audit", audit.error().line);
    if (auth && audit) findings_.ok("tokens", "can be read");
  }

  void check_address() {
    const auto free = try_address(config_);
    if (!free) return findings_.fail("address", free.error().line);
    findings_.ok("address",
                 fmt::format("{} is free", authority(config_.listen.host, config_.listen.port)));
  }

  Config config_;
  Findings& findings_;
};

}  // namespace

ExitCode doctor(const Sources& sources, const Console& console) {
  Findings findings(console.out, console.colour);
  if (auto config = load_config(sources)) {
    Doctor(std::move(*config), findings).examine();
  } else {
    findings.fail("configuration", config.error().message);
  }
  return findings.any_failed() ? kExitProblem : kExitClean;
}

}  // namespace cc::app
