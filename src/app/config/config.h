#pragma once
// The checked configuration, as plain values.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "app/config/secret_source.h"
#include "base/clock.h"
#include "base/network.h"
#include "command/kinds.h"
#include "gateway/protocol/handshake.h"
#include "gateway/protocol/setting_names.h"
#include "store/store.h"
#include "telemetry/log.h"

namespace cc::app {

struct ListenAddress {
  std::string host;  // a name or an address literal; IPv6 without brackets
  unsigned short port = 0;
};

struct NamedFile {
  std::string key;  // of the setting, as it was written
  std::filesystem::path path;

  [[nodiscard]] bool given() const { return !path.empty(); }
};

struct GatewayConfig {
  std::string name;
  std::optional<std::string> ws_url;    // empty: no WebSocket client
  std::optional<std::string> rest_url;  // empty: no fall-back
  SecretSource token;
  SecretSource password;
  NamedFile headers;                                          // for a proxy ahead of it
  std::optional<std::string> tls_fingerprint;                 // 64 lower-case hex digits
  std::optional<Millis> poll_interval;                        // empty: as in Config
  std::optional<Millis> ws_ready_timeout;                     // empty: as in Config
  std::optional<gateway::protocol::ProtocolRange> protocols;  // empty: as in Config
  std::optional<command::Access> access;                      // empty: as in Config
  /// Whether the URLs are the built-in ones, which mean "the gateway on this machine"
  /// (`fall_back_to_loopback`).
  bool ws_is_default = false;
  bool rest_is_default = false;
  gateway::protocol::SettingNames settings;  // what they are called where they were written
};

struct Config {
  ListenAddress listen;
  std::filesystem::path data_dir;
  std::filesystem::path database;  // the SQLite file
  SecretSource admin_token;        // not given: the file in the data directory
  files::Exposure secret_files = files::Exposure::kNone;  // of files that hold secrets
  Millis retention{0};
  std::uint64_t retention_bytes = 0;  // 0: no bound
  store::Durability durability = store::Durability::kFull;
  Millis stall_after{0};
  std::vector<std::string> allowed_hosts;  // lower case
  std::string base_path = "/";             // begins and ends with a slash
  NamedFile tls_certificate;               // both or neither
  NamedFile tls_key;
  std::vector<Network> trusted_proxies;
  telemetry::LogLevel log_level = telemetry::LogLevel::kInfo;
  telemetry::LogFormat log_format = telemetry::LogFormat::kText;
  Millis poll_interval{0};
  Millis ws_ready_timeout{0};
  gateway::protocol::ProtocolRange protocols;
  command::Access access = command::Access::kRead;
  std::vector<GatewayConfig> gateways;  // names differ
  /// Sentences for the log, without secrets.
  std::vector<std::string> warnings;
};

}  // namespace cc::app
