#include <unordered_map>

#include "gateway/protocol/rows.h"

namespace cc::gateway::protocol {
namespace {

using fleet::PresencePatch;

constexpr std::size_t kMaxEntries = 10'000;
constexpr std::size_t kMaxRoles = 16;

/// Text that is no identity by itself is cleaned first: host and mode are words for people.
std::string host_and_mode(const Members& entry) {
  const auto host = value_of(entry.text("host")).value_or("");
  const auto mode = entry.word("mode");
  if (host.empty() && mode.empty()) return {};
  return as_identity(host + "/" + mode).value_or("");
}

std::string key_of(const Members& entry) {
  for (const std::string_view name : {"deviceId", "instanceId"}) {
    if (auto id = entry.identity_or_empty(name); !id.empty()) return id;
  }
  return host_and_mode(entry);
}

std::vector<std::string> roles_of(const Members& entry) {
  std::vector<std::string> roles;
  const auto said = entry.array("roles");
  if (!said) return roles;
  for (const auto role : *said) {
    std::string_view text;
    if (role.get(text) != simdjson::SUCCESS) continue;
    if (roles.size() == kMaxRoles) break;
    roles.push_back(clean_text(text, Members::kWordBytes));
  }
  return roles;
}

PresencePatch read_entry(const Members& entry, std::string id) {
  PresencePatch out;
  out.id = std::move(id);
  out.host = value_of(entry.text("host"));
  out.mode = value_of(entry.text("mode", Members::kWordBytes));
  out.platform = value_of(entry.text("platform"));
  out.client_version = value_of(entry.text("version"));
  out.roles = roles_of(entry);
  out.online = entry.word("reason") != "disconnect";
  out.last_seen_at = value_of(entry.time("ts"));
  return out;
}

/// A gone client stays in the gateway's list beside the same client come back.
bool outlives(const PresencePatch& a, const PresencePatch& b) {
  if (a.online != b.online) return a.online;
  return a.last_seen_at > b.last_seen_at;
}

}  // namespace

fleet::PresenceList read_presence(simdjson::dom::array entries, Skipped& skipped) {
  fleet::PresenceList list;
  std::unordered_map<std::string, std::size_t> places;
  for (const auto element : entries) {
    const auto entry = Members::of(element, skipped);
    auto id = entry ? key_of(*entry) : std::string();
    if (id.empty() || list.entries.size() == kMaxEntries) {
      skip(skipped, !entry ? "type" : id.empty() ? "key" : "rows");
      continue;
    }
    auto patch = read_entry(*entry, std::move(id));
    const auto [place, is_new] = places.try_emplace(patch.id, list.entries.size());
    if (is_new) {
      list.entries.push_back(std::move(patch));
    } else if (outlives(patch, list.entries[place->second])) {
      list.entries[place->second] = std::move(patch);
    }
  }
  return list;
}

}  // namespace cc::gateway::protocol
