#include "gateway/protocol/lists.h"

#include <boost/unordered/unordered_flat_set.hpp>

#include "gateway/protocol/rows.h"

namespace cc::gateway::protocol {
namespace {

using simdjson::dom::element;
using Keys = boost::unordered_flat_set<std::string_view>;

constexpr std::size_t kUsualSessionBytes = 384;  // of a session's row

Error not_a_list(std::string_view what) {
  return {ErrorCode::kInvalid, "the answer to " + std::string(what) + " is not what it should be"};
}

Result<simdjson::dom::array> rows_of(const std::optional<Members>& payload, std::string_view name,
                                     std::string_view what) {
  const auto rows = payload ? payload->array(name) : std::nullopt;
  if (!rows) return std::unexpected(not_a_list(what));
  if (rows->size() > kMaxRows) {
    return fail(ErrorCode::kTooLarge, "the answer to " + std::string(what) + " has too many rows");
  }
  return *rows;
}

std::string_view identity_in(const Members& row, std::string_view key, fleet::TextArena& texts) {
  if (!is_shared_key(key)) return key;
  return texts.keep(session_identity(key, row.identity_or_empty("agentId")));
}

/// A list is complete: what is not said of an agent is nothing.
void complete(fleet::AgentPatch& agent) {
  for (const auto field :
       {&fleet::AgentPatch::name, &fleet::AgentPatch::emoji, &fleet::AgentPatch::model,
        &fleet::AgentPatch::runtime, &fleet::AgentPatch::workspace}) {
    if (!(agent.*field)) (agent.*field).emplace();
  }
}

}  // namespace

std::optional<KeyedRow> keyed_row(element row, std::string_view name, Skipped& skipped) {
  const auto members = Members::of(row, skipped);
  if (!members) {
    skip(skipped, "type");
    return std::nullopt;
  }
  const auto value = members->find(name);
  std::string_view key;
  if (!value || value->get(key) != simdjson::SUCCESS || !can_be_identity(key)) {
    skip(skipped, "key");
    return std::nullopt;
  }
  return KeyedRow{*members, key};
}

std::vector<fleet::AgentPatch> read_agents(simdjson::dom::array rows, Skipped& skipped,
                                           ReadAgent read) {
  std::vector<fleet::AgentPatch> agents;
  Keys seen;
  for (const auto row : rows) {
    const auto keyed = keyed_row(row, "id", skipped);
    if (!keyed) continue;
    if (seen.insert(keyed->key).second) {
      agents.push_back(read(keyed->row, std::string(keyed->key)));
    } else {
      skip(skipped, "key");
    }
  }
  return agents;
}

fleet::SessionList read_sessions(simdjson::dom::array rows, bool complete_rows, Skipped& skipped) {
  fleet::SessionList list;
  list.texts = fleet::TextArena(rows.size() * kUsualSessionBytes);
  list.sessions.reserve(rows.size());
  Keys seen;
  seen.reserve(rows.size());
  for (const auto row : rows) {
    const auto keyed = keyed_row(row, "key", skipped);
    if (!keyed) continue;
    const std::string_view key = identity_in(keyed->row, keyed->key, list.texts);
    if (seen.insert(key).second) {
      list.sessions.push_back(read_session(keyed->row, key, complete_rows, list.texts));
    } else {
      skip(skipped, "key");
    }
  }
  return list;
}

Result<fleet::AgentList> read_agents_list(element payload, Skipped& skipped) {
  const auto members = Members::of(payload, skipped);
  const auto rows = rows_of(members, "agents", "agents.list");
  if (!rows) return std::unexpected(rows.error());
  fleet::AgentList list;
  list.agents = read_agents(*rows, skipped, read_agent);
  for (auto& agent : list.agents) complete(agent);
  list.default_id = value_of(members->identity("defaultId"));
  return list;
}

Result<Interpreter::SessionsPage> read_sessions_list(element payload, Skipped& skipped) {
  const auto members = Members::of(payload, skipped);
  const auto rows = rows_of(members, "sessions", "sessions.list");
  if (!rows) return std::unexpected(rows.error());
  Interpreter::SessionsPage page;
  page.list = read_sessions(*rows, true, skipped);
  page.total = value_of(members->count("totalCount"));
  page.next_offset = value_of(members->count("nextOffset"));
  return page;
}

Result<fleet::SessionList> read_described(element payload, Skipped& skipped) {
  const auto members = Members::of(payload, skipped);
  fleet::SessionList list;
  if (members && members->is_null("session")) return list;
  const auto row = members ? members->find("session") : std::nullopt;
  const auto keyed = row ? keyed_row(*row, "key", skipped) : std::nullopt;
  if (!keyed) return std::unexpected(not_a_list("sessions.describe"));
  list.texts = fleet::TextArena(kUsualSessionBytes);
  list.sessions.push_back(read_session(keyed->row, keyed->key, true, list.texts));
  return list;
}

Result<fleet::PresenceList> read_presence_answer(element payload, Skipped& skipped) {
  simdjson::dom::array entries;
  if (payload.get(entries) != simdjson::SUCCESS) {
    return std::unexpected(not_a_list("system-presence"));
  }
  return read_presence(entries, skipped);
}

}  // namespace cc::gateway::protocol
