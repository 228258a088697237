#include "app/config/settings.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "app/config/forms.h"
#include "app/config/gateway_url.h"
#include "base/invisible.h"

namespace cc::app {
namespace {

constexpr std::string_view kPrefix = "CONTROL_CENTER_";
constexpr std::string_view kDurationForm = "a duration such as 500ms, 5s, 2m, 1h or 7d";
constexpr std::string_view kSecretFileForm = "the path of a file with mode 0600";
constexpr std::string_view kHeadersForm = "the path of a file with mode 0600, a header per line";
constexpr std::string_view kWsForm = "ws://HOST:PORT/, wss://HOST:PORT/ or off";
constexpr std::string_view kRestForm =
    "http://HOST:PORT/api/agents, https://HOST:PORT/api/agents or off";
constexpr std::string_view kAccessForm = "read, operate or admin";
constexpr std::string_view kProtocolsForm = "3, 4 or 3-4";
constexpr std::string_view kFingerprintForm = "the certificate's SHA-256 as 64 hex digits";
constexpr std::string_view kDatabaseForm =
    "sqlite:PATH such as sqlite:/var/lib/control-center/control-center.db";
constexpr Millis kShortestPoll{100};

template <class Value, class Target>
Result<void> take(Result<Value> value, Target& into) {
  if (!value) return std::unexpected(value.error());
  into = std::move(*value);
  return {};
}

Result<void> invalid(std::string why) {
  return fail(ErrorCode::kInvalid, std::move(why));
}

template <class Target>
Result<void> take_duration(const Written& written, Target& into, Millis least) {
  auto value = parse_duration(written.value);
  if (value && *value < least) return invalid(fmt::format("is under {}ms", least.count()));
  return take(std::move(value), into);
}

bool is_off(std::string_view value) {
  return value.empty() || value == "off";
}

Result<void> take_url(const Written& written, UrlKind kind, std::optional<std::string>& into) {
  if (is_off(written.value)) {
    into.reset();
    return {};
  }
  return take(parse_gateway_url(written.value, kind), into);
}

// An empty variable means "none": that is how a container's environment leaves one out.
Result<void> take_secret(const Written& written, SecretSource& into) {
  if (written.value.empty()) return {};
  if (const auto name = first_invisible(written.value)) {
    return invalid(fmt::format("holds a character that cannot be seen ({})", *name));
  }
  into = SecretSource::from_value(written.key, Secret(written.value));
  return {};
}

Result<void> take_secret_file(const Written& written, SecretSource& into) {
  if (!written.value.empty()) {
    into = SecretSource::from_file(written.key, std::filesystem::absolute(written.value));
  }
  return {};
}

Result<void> take_admin_token(const Written& written, SecretSource& into) {
  if (written.value.size() < 16) return invalid("is too short");
  return take_secret(written, into);
}

Result<void> take_path(const Written& written, std::filesystem::path& into) {
  if (written.value.empty()) return invalid("is empty");
  into = std::filesystem::absolute(written.value);
  return {};
}

// Empty means "none" here too.
Result<void> take_file(const Written& written, NamedFile& into) {
  if (!written.value.empty()) into = {written.key, std::filesystem::absolute(written.value)};
  return {};
}

Result<void> take_database(const Written& written, std::filesystem::path& into) {
  auto path = parse_database_url(written.value);
  if (!path) return std::unexpected(path.error());
  into = std::filesystem::absolute(*path);
  return {};
}

template <class Value>
struct Word {
  std::string_view word;
  Value value;
};

template <class Value, std::size_t N>
Result<void> take_word(const Written& written, const std::array<Word<Value>, N>& words,
                       Value& into) {
  const auto found = std::ranges::find(words, written.value, &Word<Value>::word);
  if (found == words.end()) return invalid("is not one of the words");
  into = found->value;
  return {};
}

Result<void> take_durability(const Written& written, store::Durability& into) {
  using enum store::Durability;
  return take_word(written,
                   std::array<Word<store::Durability>, 2>{{{"full", kFull}, {"relaxed", kRelaxed}}},
                   into);
}

Result<void> take_access(const Written& written, command::Access& into) {
  const auto access = command::parse_access(written.value);
  if (!access) return invalid("is not one of the words");
  into = *access;
  return {};
}

Result<void> take_exposure(const Written& written, files::Exposure& into) {
  using enum files::Exposure;
  return take_word(
      written,
      std::array<Word<files::Exposure>, 2>{{{"private", kNone}, {"mounted", kUnchangeable}}}, into);
}

Result<void> take_level(const Written& written, telemetry::LogLevel& into) {
  using enum telemetry::LogLevel;
  return take_word(written,
                   std::array<Word<telemetry::LogLevel>, 4>{
                       {{"debug", kDebug}, {"info", kInfo}, {"warn", kWarn}, {"error", kError}}},
                   into);
}

Result<void> take_format(const Written& written, telemetry::LogFormat& into) {
  using enum telemetry::LogFormat;
  return take_word(
      written, std::array<Word<telemetry::LogFormat>, 2>{{{"text", kText}, {"json", kJson}}}, into);
}

using W = const Written&;
using enum Secrecy;
using enum Implies;

constexpr auto kSettings = std::to_array<Setting>({
    {"WS_GATEWAY_URL", "ws://host.docker.internal:18789/", kWsForm,
     "The gateway's WebSocket. off or empty: no WebSocket client.",
     [](ConfigBuilder& d, W w) { return take_url(w, UrlKind::kWebSocket, d.first.ws_url); },
     kPublic, kDefaultGateway},
    {"GATEWAY_URL", "http://host.docker.internal:18789/api/agents", kRestForm,
     "The URL that is polled while the WebSocket is down. If only WS_GATEWAY_URL is set: "
     "/api/agents "
     "on its host. off or empty: no polling.",
     [](ConfigBuilder& d, W w) { return take_url(w, UrlKind::kHttp, d.first.rest_url); }, kPublic,
     kDefaultGateway},
    {"OPENCLAW_GATEWAY_TOKEN", "", "the gateway's shared token",
     "Shared token of the gateway. Better kept in a file, see below.",
     [](ConfigBuilder& d, W w) { return take_secret(w, d.first.token); }, kSecret, kDefaultGateway},
    {"OPENCLAW_GATEWAY_TOKEN_FILE", "", kSecretFileForm,
     "File that holds the gateway's token, read again at each connect.",
     [](ConfigBuilder& d, W w) { return take_secret_file(w, d.first.token); }, kPublic,
     kDefaultGateway},
    {"OPENCLAW_GATEWAY_PASSWORD", "", "the gateway's password", "Password of the gateway.",
     [](ConfigBuilder& d, W w) { return take_secret(w, d.first.password); }, kSecret,
     kDefaultGateway},
    {"OPENCLAW_GATEWAY_PASSWORD_FILE", "", kSecretFileForm,
     "File that holds the gateway's password, read again at each connect.",
     [](ConfigBuilder& d, W w) { return take_secret_file(w, d.first.password); }, kPublic,
     kDefaultGateway},
    {"OPENCLAW_GATEWAY_HEADERS_FILE", "", kHeadersForm,
     "File with headers, one Name: value per line, that a proxy ahead of the gateway asks for. "
     "Read "
     "again at each connect.",
     [](ConfigBuilder& d, W w) { return take_file(w, d.first.headers); }, kPublic, kDefaultGateway},
    {"GATEWAY_POLL_INTERVAL", "5s", kDurationForm, "Between two polls of the REST fall-back.",
     [](ConfigBuilder& d, W w) { return take_duration(w, d.config.poll_interval, kShortestPoll); }},
    {"CONTROL_CENTER_WS_READY_TIMEOUT", "30s", kDurationForm,
     "How long the WebSocket may be down before polling starts.",
     [](ConfigBuilder& d, W w) { return take_duration(w, d.config.ws_ready_timeout, Millis(0)); }},
    {"CONTROL_CENTER_LISTEN", "127.0.0.1:8787", "HOST:PORT such as 127.0.0.1:8787 or [::1]:8787",
     "Where the API and the dashboard are served. Port 0: one that is free.",
     [](ConfigBuilder& d, W w) { return take(parse_listen(w.value), d.config.listen); }},
    {"CONTROL_CENTER_DATA_DIR", "", "the path of a directory",
     "Database, device identity and admin token. "
     "Default: $XDG_STATE_HOME/control-center, else ~/.local/state/control-center.",
     [](ConfigBuilder& d, W w) { return take_path(w, d.config.data_dir); }},
    {"DATABASE_URL", "", kDatabaseForm, "Default: sqlite:DATA_DIR/control-center.db.",
     [](ConfigBuilder& d, W w) { return take_database(w, d.config.database); }, kMayHoldAPassword},
    {"CONTROL_CENTER_TOKEN", "", "at least 16 characters",
     "Admin token. Default: generated at the first start, kept in DATA_DIR/admin-token.",
     [](ConfigBuilder& d, W w) { return take_admin_token(w, d.config.admin_token); }, kSecret},
    {"CONTROL_CENTER_TOKEN_FILE", "", kSecretFileForm, "File that holds the admin token.",
     [](ConfigBuilder& d, W w) { return take_secret_file(w, d.config.admin_token); }},
    {"CONTROL_CENTER_SECRET_FILES", "private", "private or mounted",
     "Which files with secrets are taken. private: those that no other user of this system can "
     "read. mounted: also those that this user cannot change, as Docker and Kubernetes mount them.",
     [](ConfigBuilder& d, W w) { return take_exposure(w, d.config.secret_files); }},
    {"CONTROL_CENTER_RETENTION", "7d", kDurationForm, "How long journal entries are kept.",
     [](ConfigBuilder& d, W w) { return take_duration(w, d.config.retention, Millis(1'000)); }},
    {"CONTROL_CENTER_RETENTION_BYTES", "2GiB", "a size such as 2GiB, 512MiB or 1000000",
     "Maximum size of the journal entries. 0: no limit.",
     [](ConfigBuilder& d, W w) { return take(parse_size(w.value), d.config.retention_bytes); }},
    {"CONTROL_CENTER_DURABILITY", "full", "full or relaxed",
     "full: on disk before it is published. relaxed: survives a crash of the process, not of the "
     "machine.",
     [](ConfigBuilder& d, W w) { return take_durability(w, d.config.durability); }},
    {"CONTROL_CENTER_STALL_AFTER", "10m", kDurationForm,
     "A run without any sign of progress for this long makes its agent stalled.",
     [](ConfigBuilder& d, W w) { return take_duration(w, d.config.stall_after, Millis(1'000)); }},
    {"CONTROL_CENTER_ALLOWED_HOSTS", "", "host names without ports, separated by commas",
     "Extra host names to accept, separated by commas.",
     [](ConfigBuilder& d, W w) { return take(parse_hosts(w.value), d.config.allowed_hosts); }},
    {"CONTROL_CENTER_BASE_PATH", "/", "a path such as /fleet/",
     "The path under which a proxy shows all of it. Requests with and without it are understood.",
     [](ConfigBuilder& d, W w) { return take(parse_base_path(w.value), d.config.base_path); }},
    {"CONTROL_CENTER_TLS_CERT_FILE", "", "the path of a PEM file",
     "Certificate that the API and the dashboard are served with, then its chain. With it they are "
     "served over TLS. Read again when it changes.",
     [](ConfigBuilder& d, W w) { return take_file(w, d.config.tls_certificate); }},
    {"CONTROL_CENTER_TLS_KEY_FILE", "", kSecretFileForm, "File that holds its private key.",
     [](ConfigBuilder& d, W w) { return take_file(w, d.config.tls_key); }},
    {"CONTROL_CENTER_TRUSTED_PROXIES", "", "addresses or networks, separated by commas",
     "Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed.",
     [](ConfigBuilder& d, W w) { return take(parse_networks(w.value), d.config.trusted_proxies); }},
    {"CONTROL_CENTER_GATEWAY_PROTOCOLS", "3-4", kProtocolsForm,
     "The protocol range that is offered to gateways.",
     [](ConfigBuilder& d, W w) { return take(parse_protocols(w.value), d.config.protocols); }},
    {"CONTROL_CENTER_GATEWAY_ACCESS", "read", kAccessForm,
     "What gateways are asked for. read: to see. operate: also to decide approvals, answer, send "
     "and stop. admin: also all else; on protocol 4 only admin sees approvals of runs that others "
     "started.",
     [](ConfigBuilder& d, W w) { return take_access(w, d.config.access); }},
    {"CONTROL_CENTER_LOG_LEVEL", "info", "debug, info, warn or error",
     "The least important lines that are logged.",
     [](ConfigBuilder& d, W w) { return take_level(w, d.config.log_level); }},
    {"CONTROL_CENTER_LOG_FORMAT", "text", "text or json", "How log lines are written.",
     [](ConfigBuilder& d, W w) { return take_format(w, d.config.log_format); }},
});

constexpr auto kGatewayKeys = std::to_array<GatewayKey>({
    {"name", "1 to 64 of a-z, 0-9, dot, underscore and dash",
     [](GatewayConfig& g, W w) { return take(parse_gateway_name(w.value), g.name); }},
    {"ws_url", kWsForm,
     [](GatewayConfig& g, W w) { return take_url(w, UrlKind::kWebSocket, g.ws_url); }},
    {"rest_url", kRestForm,
     [](GatewayConfig& g, W w) { return take_url(w, UrlKind::kHttp, g.rest_url); }},
    {"token", "the gateway's shared token",
     [](GatewayConfig& g, W w) { return take_secret(w, g.token); }, kSecret},
    {"token_file", kSecretFileForm,
     [](GatewayConfig& g, W w) { return take_secret_file(w, g.token); }},
    {"password", "the gateway's password",
     [](GatewayConfig& g, W w) { return take_secret(w, g.password); }, kSecret},
    {"password_file", kSecretFileForm,
     [](GatewayConfig& g, W w) { return take_secret_file(w, g.password); }},
    {"headers_file", kHeadersForm, [](GatewayConfig& g, W w) { return take_file(w, g.headers); }},
    {"tls_fingerprint", kFingerprintForm,
     [](GatewayConfig& g, W w) { return take(parse_fingerprint(w.value), g.tls_fingerprint); }},
    {"poll_interval", kDurationForm,
     [](GatewayConfig& g, W w) { return take_duration(w, g.poll_interval, kShortestPoll); }},
    {"ws_ready_timeout", kDurationForm,
     [](GatewayConfig& g, W w) { return take_duration(w, g.ws_ready_timeout, Millis(0)); }},
    {"protocols", kProtocolsForm,
     [](GatewayConfig& g, W w) { return take(parse_protocols(w.value), g.protocols); }},
    {"access", kAccessForm,
     [](GatewayConfig& g, W w) { return take_access(w, g.access.emplace()); }},
});

/// Where a group of settings begins in the table, for `--help`.
struct Heading {
  std::string_view first;
  std::string_view words;
};
constexpr auto kHeadings = std::to_array<Heading>({
    {"WS_GATEWAY_URL", "Gateway"},
    {"CONTROL_CENTER_LISTEN", "Server, data and secrets"},
    {"CONTROL_CENTER_RETENTION", "Journal"},
    {"CONTROL_CENTER_STALL_AFTER", "Access, TLS, log and the rest"},
});

template <class Row, class Name>
const Row* find_row(std::span<const Row> rows, Name Row::* member, std::string_view name) {
  const auto found = std::ranges::find(rows, name, member);
  return found == rows.end() ? nullptr : &*found;
}

}  // namespace

std::span<const Setting> settings() {
  return kSettings;
}

const Setting* find_setting(std::string_view variable) {
  return find_row(settings(), &Setting::variable, variable);
}

std::string key_of(const Setting& setting) {
  auto name = setting.variable;
  if (name.starts_with(kPrefix)) name.remove_prefix(kPrefix.size());
  std::string key(name);
  std::ranges::transform(key, key.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return key;
}

std::string flag_of(const Setting& setting) {
  auto flag = "--" + key_of(setting);
  std::ranges::replace(flag, '_', '-');
  return flag;
}

std::string_view heading_before(const Setting& setting) {
  const auto found = std::ranges::find(kHeadings, setting.variable, &Heading::first);
  return found == kHeadings.end() ? std::string_view() : found->words;
}

std::string settings_help() {
  std::string out =
      "Settings. A flag beats the variable, the variable beats the file (--config FILE, TOML),\n"
      "the file beats the default. In the file a setting is called as its flag, with _ for -.\n";
  for (const auto& setting : settings()) {
    if (const auto heading = heading_before(setting); !heading.empty()) {
      out += fmt::format("\n{}:\n", heading);
    }
    out += fmt::format("\n  {} VALUE  ({})\n      {}\n", flag_of(setting), setting.variable,
                       setting.help);
    if (!setting.fallback.empty()) out += fmt::format("      Default: {}.\n", setting.fallback);
  }
  return out;
}

std::span<const GatewayKey> gateway_keys() {
  return kGatewayKeys;
}

const GatewayKey* find_gateway_key(std::string_view name) {
  return find_row(gateway_keys(), &GatewayKey::name, name);
}

}  // namespace cc::app
