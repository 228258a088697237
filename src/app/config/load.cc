#include "app/config/load.h"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "app/config/gateway_url.h"
#include "app/config/headers_file.h"
#include "base/invisible.h"
#include "base/text.h"

namespace cc::app {
namespace {

constexpr std::string_view kWs = "WS_GATEWAY_URL";
constexpr std::string_view kRest = "GATEWAY_URL";
constexpr std::string_view kDataDir = "CONTROL_CENTER_DATA_DIR";

std::unexpected<Error> invalid_setting(std::string line) {
  return fail(ErrorCode::kInvalid, std::move(line));
}

// The line for a value that could not be taken. Secrets are not repeated.
std::unexpected<Error> refused(const Written& written, const Error& why, std::string_view form,
                               bool is_secret) {
  if (is_secret)
    return invalid_setting(fmt::format("{}: {}; use {}", written.key, why.message, form));
  return invalid_setting(fmt::format("{}: \"{}\" {}; use {}", written.key,
                                     show_invisible(written.value, 200), why.message, form));
}

// A value with credentials in its URL, or maybe a token in its query, is a secret too.
bool must_not_be_shown(const Written& written, Secrecy secrecy) {
  return secrecy != Secrecy::kPublic || written.value.find_first_of("@?") != std::string::npos;
}

/// Files of variables, and those who copy, leave a line end or a blank behind the value.
Values without_blanks(Values values) {
  for (auto& [variable, written] : values) {
    written.value = without_blanks_around(written.value);
  }
  return values;
}

/// Two settings for one value. The one from the stronger source counts.
struct Twins {
  std::string_view value;
  std::string_view file;
};
constexpr std::array kTwins{
    Twins{"OPENCLAW_GATEWAY_TOKEN", "OPENCLAW_GATEWAY_TOKEN_FILE"},
    Twins{"OPENCLAW_GATEWAY_PASSWORD", "OPENCLAW_GATEWAY_PASSWORD_FILE"},
    Twins{"CONTROL_CENTER_TOKEN", "CONTROL_CENTER_TOKEN_FILE"},
};

Result<void> check_twins(const Values& values) {
  for (const auto& twins : kTwins) {
    const auto value = values.find(twins.value);
    const auto file = values.find(twins.file);
    if (value == values.end() || file == values.end()) continue;
    if (value->second.value.empty() || file->second.value.empty()) continue;
    return invalid_setting(
        fmt::format("{}: given beside {}; use one of them", file->second.key, value->second.key));
  }
  return {};
}

// Adds values from a weaker source that no stronger one has given.
Result<void> add_weaker(Values& values, const Values& weaker) {
  if (auto checked = check_twins(weaker); !checked) return checked;
  const auto said = [stronger = values](std::string_view variable) {
    const auto found = stronger.find(variable);
    return found != stronger.end() && !found->second.value.empty();
  };
  for (const auto& [variable, written] : weaker) {
    const auto twin = std::ranges::find_if(kTwins, [&](const Twins& twins) {
      return (variable == twins.value && said(twins.file)) ||
             (variable == twins.file && said(twins.value));
    });
    if (twin == kTwins.end()) values.emplace(variable, written);
  }
  return {};
}

Result<void> read_settings(ConfigBuilder& builder, const Values& values) {
  for (const auto& setting : settings()) {
    const auto given = values.find(setting.variable);
    if (given == values.end() && setting.fallback.empty()) continue;
    const Written written = given != values.end() ? given->second
                                                  : Written{std::string(setting.variable),
                                                            std::string(setting.fallback)};
    if (auto read = setting.read(builder, written); !read) {
      return refused(written, read.error(), setting.form,
                     must_not_be_shown(written, setting.secrecy));
    }
  }
  return {};
}

Result<void> check_gateway(const std::string& key, const GatewayConfig& gateway) {
  if (!gateway.ws_url && !gateway.rest_url) {
    return invalid_setting(fmt::format("{}: has neither ws_url nor rest_url", key));
  }
  const auto is_plain = [](const std::optional<std::string>& url) {
    return url && !uses_tls(*url);
  };
  if (gateway.tls_fingerprint && (is_plain(gateway.ws_url) || is_plain(gateway.rest_url))) {
    return invalid_setting(
        fmt::format("{}: has a tls_fingerprint, so its URLs must be wss:// and https://", key));
  }
  return {};
}

gateway::protocol::SettingNames names_in_table(const std::string& gateway) {
  const auto in_table = [&](std::string_view key) {
    return fmt::format("{} of [[gateway]] {}", key, gateway);
  };
  return {.ws_url = in_table("ws_url"),
          .rest_url = in_table("rest_url"),
          .token = in_table("token_file"),
          .password = in_table("password_file"),
          .access = in_table("access")};
}

/// As it was written (variable, flag or key of the file), where it was.
void take_name(const Values& values, std::string_view variable, std::string& name) {
  const auto given = values.find(variable);
  if (given != values.end()) name = given->second.key;
}

void take_names(const Values& values, gateway::protocol::SettingNames& names) {
  take_name(values, kWs, names.ws_url);
  take_name(values, kRest, names.rest_url);
  take_name(values, "CONTROL_CENTER_GATEWAY_ACCESS", names.access);
  for (const auto* variable : {"OPENCLAW_GATEWAY_TOKEN", "OPENCLAW_GATEWAY_TOKEN_FILE"}) {
    take_name(values, variable, names.token);
  }
  for (const auto* variable : {"OPENCLAW_GATEWAY_PASSWORD", "OPENCLAW_GATEWAY_PASSWORD_FILE"}) {
    take_name(values, variable, names.password);
  }
}

Result<GatewayConfig> read_gateway(const GatewayTable& table) {
  GatewayConfig gateway;
  for (const auto* pair : {"token", "password"}) {
    const auto value = table.values.find(pair);
    const auto file = table.values.find(std::string(pair) + "_file");
    if (value == table.values.end() || file == table.values.end()) continue;
    return invalid_setting(
        fmt::format("{}: given beside {}; use one of them", file->second.key, pair));
  }
  for (const auto& key : gateway_keys()) {
    const auto given = table.values.find(key.name);
    if (given == table.values.end()) continue;
    if (auto read = key.read(gateway, given->second); !read) {
      return refused(given->second, read.error(), key.form,
                     must_not_be_shown(given->second, key.secrecy));
    }
  }
  if (gateway.name.empty()) return invalid_setting(fmt::format("{}: has no name", table.key));
  gateway.settings = names_in_table(gateway.name);
  if (gateway.ws_url && !table.values.contains("rest_url")) {
    gateway.rest_url = rest_url_beside(*gateway.ws_url);
  }
  if (auto checked = check_gateway(table.key, gateway); !checked) {
    return std::unexpected(checked.error());
  }
  return gateway;
}

// Only `off` for the WebSocket says that something is not there; it does not make a gateway beside
// the tables.
bool describes_gateway(const Values& values) {
  return std::ranges::any_of(settings(), [&](const Setting& setting) {
    const auto given = values.find(setting.variable);
    return setting.implies == Implies::kDefaultGateway && given != values.end() &&
           !given->second.value.empty() && given->second.value != "off";
  });
}

void complete_first(GatewayConfig& first, const Values& values) {
  first.name = "default";
  take_names(values, first.settings);
  first.ws_is_default = !values.contains(kWs);
  const bool rest_given = values.contains(kRest);
  if (!first.ws_is_default && !rest_given && first.ws_url) {
    first.rest_url = rest_url_beside(*first.ws_url);
  } else {
    first.rest_is_default = !rest_given;
  }
}

Result<void> add_gateways(ConfigBuilder& builder, const Values& values,
                          const std::vector<GatewayTable>& tables) {
  auto& gateways = builder.config.gateways;
  std::set<std::string> names;
  if (tables.empty() || describes_gateway(values)) {
    complete_first(builder.first, values);
    names.insert(builder.first.name);
    if (builder.first.ws_url || builder.first.rest_url)
      gateways.push_back(std::move(builder.first));
  }
  for (const auto& table : tables) {
    auto gateway = read_gateway(table);
    if (!gateway) return std::unexpected(gateway.error());
    if (!names.insert(gateway->name).second) {
      return invalid_setting(fmt::format(
          "{}: a second gateway is named \"{}\"; use names that differ", table.key, gateway->name));
    }
    gateways.push_back(std::move(*gateway));
  }
  return {};
}

Result<std::filesystem::path> default_data_dir(const Environment& environment) {
  const auto absolute = [&](std::string_view variable) -> std::filesystem::path {
    const auto found = environment.find(variable);
    if (found == environment.end() || !found->second.starts_with('/')) return {};
    return found->second;
  };
  if (auto state = absolute("XDG_STATE_HOME"); !state.empty()) return state / "control-center";
  if (auto home = absolute("HOME"); !home.empty()) {
    return home / ".local" / "state" / "control-center";
  }
  return invalid_setting(fmt::format(
      "{}: not given, and there is no HOME to keep data in; use the path of a directory",
      kDataDir));
}

Result<void> check_tls(const Config& config) {
  const auto& certificate = config.tls_certificate;
  const auto& key = config.tls_key;
  if (certificate.given() == key.given()) return {};
  return invalid_setting(fmt::format(
      "{}: given without {}; use both, or neither", certificate.given() ? certificate.key : key.key,
      certificate.given() ? "CONTROL_CENTER_TLS_KEY_FILE" : "CONTROL_CENTER_TLS_CERT_FILE"));
}

Result<void> place_data(Config& config, const Environment& environment) {
  if (config.data_dir.empty()) {
    auto directory = default_data_dir(environment);
    if (!directory) return std::unexpected(directory.error());
    config.data_dir = std::move(*directory);
  }
  if (config.database.empty()) config.database = config.data_dir / "control-center.db";
  return {};
}

void accept_secret_files(Config& config) {
  config.admin_token.accept(config.secret_files);
  for (auto& gateway : config.gateways) {
    gateway.token.accept(config.secret_files);
    gateway.password.accept(config.secret_files);
  }
}

void warn_of_exposed_secrets(const Sources& sources, const FileContent& file, Config& config) {
  for (const auto& [variable, written] : sources.flags) {
    if (find_setting(variable)->secrecy != Secrecy::kSecret) continue;
    config.warnings.push_back(
        fmt::format("{} on the command line can be seen by every user of this machine; use {}-file",
                    written.key, written.key));
  }
  if (!file.holds_secret || !sources.file) return;
  std::error_code error;
  const auto mode = std::filesystem::status(*sources.file, error).permissions();
  using enum std::filesystem::perms;
  if (!error && (mode & (group_all | others_all)) != none) {
    config.warnings.push_back(
        fmt::format("{} holds a secret and others can read it; run: chmod 600 {}",
                    sources.file->string(), sources.file->string()));
  }
}

}  // namespace

Result<Config> load_config(const Sources& sources) {
  FileContent file;
  if (sources.file) {
    auto read = read_file("--config", *sources.file);
    if (!read) return std::unexpected(read.error());
    file = std::move(*read);
  }
  const auto variables = read_variables(sources.environment);
  if (!variables) return std::unexpected(variables.error());
  Values values;
  for (const Values* source :
       std::array<const Values*, 3>{&sources.flags, &*variables, &file.values}) {
    auto added = add_weaker(values, without_blanks(*source));
    if (!added) return std::unexpected(added.error());
  }
  for (auto& table : file.gateways) table.values = without_blanks(std::move(table.values));
  ConfigBuilder builder;
  auto done = read_settings(builder, values);
  if (done) done = add_gateways(builder, values, file.gateways);
  if (done) done = place_data(builder.config, sources.environment);
  if (!done) return std::unexpected(done.error());
  accept_secret_files(builder.config);
  warn_of_exposed_secrets(sources, file, builder.config);
  return std::move(builder.config);
}

Result<void> check_secret_files(const Config& config) {
  if (auto pair = check_tls(config); !pair) return pair;
  std::vector<const SecretSource*> sources{&config.admin_token};
  for (const auto& gateway : config.gateways) {
    sources.push_back(&gateway.token);
    sources.push_back(&gateway.password);
  }
  for (const auto& gateway : config.gateways) {
    if (auto headers = read_headers_file(gateway.headers, config.secret_files); !headers) {
      return std::unexpected(headers.error());
    }
  }
  for (const auto* source : sources) {
    if (auto secret = source->read(); !secret) return std::unexpected(secret.error());
  }
  return {};
}

std::vector<std::string> fall_back_to_loopback(Config& config, const Resolves& resolves) {
  constexpr std::string_view kLoopback = "127.0.0.1";
  std::vector<std::string> sentences;
  for (auto& gateway : config.gateways) {
    const bool ws = gateway.ws_is_default && gateway.ws_url;
    const bool rest = gateway.rest_is_default && gateway.rest_url;
    if (!ws && !rest) continue;
    const auto host = host_of(ws ? *gateway.ws_url : *gateway.rest_url);
    if (resolves(host)) continue;
    if (ws) gateway.ws_url = with_host(*gateway.ws_url, kLoopback);
    if (rest) gateway.rest_url = with_host(*gateway.rest_url, kLoopback);
    sentences.push_back(
        fmt::format("{} does not resolve, looking for the gateway at {} instead", host, kLoopback));
  }
  return sentences;
}

}  // namespace cc::app
