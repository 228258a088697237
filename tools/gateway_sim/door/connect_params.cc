#include "gateway_sim/door/connect_params.h"

#include <algorithm>
#include <array>

#include <boost/json.hpp>

#include "gateway_sim/door/params.h"

namespace cc::sim {
namespace {

using boost::json::object;

constexpr std::array kConnect{
    Member{"minProtocol", Kind::kInteger, Need::kRequired},
    Member{"maxProtocol", Kind::kInteger, Need::kRequired},
    Member{"client", Kind::kObject, Need::kRequired},
    Member{"role", Kind::kString},
    Member{"scopes", Kind::kStrings},
    Member{"caps", Kind::kStrings},
    Member{"commands", Kind::kStrings},
    Member{"permissions", Kind::kObject},
    Member{"pathEnv", Kind::kString},
    Member{"device", Kind::kObject},
    Member{"auth", Kind::kObject},
    Member{"locale", Kind::kString},
    Member{"userAgent", Kind::kString},
};
constexpr std::array kClient{
    Member{"id", Kind::kString, Need::kRequired},
    Member{"version", Kind::kString, Need::kRequired},
    Member{"platform", Kind::kString, Need::kRequired},
    Member{"mode", Kind::kString, Need::kRequired},
    Member{"displayName", Kind::kString},
    Member{"deviceFamily", Kind::kString},
    Member{"modelIdentifier", Kind::kString},
    Member{"instanceId", Kind::kString},
    Member{"buildId", Kind::kString, Need::kOnlyV4},
    Member{"timeZone", Kind::kString, Need::kOnlyV4},
};
constexpr std::array kDevice{
    Member{"id", Kind::kString, Need::kRequired},
    Member{"publicKey", Kind::kString, Need::kRequired},
    Member{"signature", Kind::kString, Need::kRequired},
    Member{"signedAt", Kind::kInteger, Need::kRequired},
    Member{"nonce", Kind::kString, Need::kRequired},
};
constexpr std::array kAuth{
    Member{"token", Kind::kString},
    Member{"password", Kind::kString},
    Member{"deviceToken", Kind::kString},
    Member{"bootstrapToken", Kind::kString},
};
constexpr std::array<std::string_view, 13> kIds{
    "webchat-ui",     "openclaw-control-ui", "openclaw-tui",   "webchat",          "cli",
    "gateway-client", "openclaw-macos",      "openclaw-ios",   "openclaw-android", "node-host",
    "test",           "fingerprint",         "openclaw-probe",
};
constexpr std::array<std::string_view, 4> kIdsV4{"openclaw-browser-copilot", "openclaw-linux",
                                                 "openclaw-watchos", "openclaw-worker"};
constexpr std::array<std::string_view, 7> kModes{"webchat", "cli",   "ui",  "backend",
                                                 "node",    "probe", "test"};

template <class List>
bool among(const List& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

const object& inner(const object& params, std::string_view name) {
  static const object kNone;
  const auto* found = params.if_contains(boost::json::string_view(name.data(), name.size()));
  return found != nullptr && found->is_object() ? found->get_object() : kNone;
}

/// TextArena that are there must say something.
std::optional<std::string> find_empty(const object& client) {
  for (const auto& entry : client) {
    if (entry.value().is_string() && entry.value().get_string().empty()) {
      return "at /client/" + std::string(entry.key()) + ": must NOT have fewer than 1 characters";
    }
  }
  return std::nullopt;
}

std::optional<std::string> find_client_fault(const object& client, Protocol protocol) {
  if (auto fault = find_fault(client, kClient, "/client", protocol)) return fault;
  if (auto fault = find_empty(client)) return fault;
  const std::string id = text_of(client, "id");
  const bool v4 = protocol == Protocol::kV4;
  if (!among(kIds, id) && !(v4 && among(kIdsV4, id))) {
    return "at /client/id: must be equal to one of the allowed values";
  }
  const std::string mode = text_of(client, "mode");
  if (among(kModes, mode) || (v4 && mode == "worker")) return std::nullopt;
  return "at /client/mode: must be equal to one of the allowed values";
}

}  // namespace

std::optional<std::string> find_connect_fault(const object& params, Protocol protocol) {
  if (auto fault = find_fault(params, kConnect, "", protocol)) return fault;
  if (auto fault = find_client_fault(inner(params, "client"), protocol)) return fault;
  if (params.contains("device")) {
    if (auto fault = find_fault(inner(params, "device"), kDevice, "/device", protocol))
      return fault;
  }
  return find_fault(inner(params, "auth"), kAuth, "/auth", protocol);
}

ConnectParams read_connect(const object& params) {
  const object& client = inner(params, "client");
  const object& device = inner(params, "device");
  const object& auth = inner(params, "auth");
  ConnectParams read;
  read.min_protocol = maybe_integer(params, "minProtocol").value_or(0);
  read.max_protocol = maybe_integer(params, "maxProtocol").value_or(0);
  read.client_id = text_of(client, "id");
  read.display_name = text_of(client, "displayName");
  read.version = text_of(client, "version");
  read.platform = text_of(client, "platform");
  read.device_family = text_of(client, "deviceFamily");
  read.mode = text_of(client, "mode");
  read.instance_id = text_of(client, "instanceId");
  read.role = text_of(params, "role", "operator");
  read.scopes = texts_of(params, "scopes");
  read.caps = texts_of(params, "caps");
  read.has_device = !device.empty();
  read.device_id = text_of(device, "id");
  read.public_key = text_of(device, "publicKey");
  read.signature = text_of(device, "signature");
  read.nonce = text_of(device, "nonce");
  read.signed_at = maybe_integer(device, "signedAt").value_or(0);
  read.token = maybe_text(auth, "token");
  read.password = maybe_text(auth, "password");
  read.device_token = maybe_text(auth, "deviceToken");
  read.bootstrap_token = maybe_text(auth, "bootstrapToken");
  return read;
}

}  // namespace cc::sim
