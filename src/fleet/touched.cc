#include "fleet/touched.h"

#include <algorithm>

#include <simdjson.h>

namespace cc::fleet {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;

template <class Texts>
void keep_each_once(Texts& texts) {
  std::ranges::sort(texts);
  const auto repeated = std::ranges::unique(texts);
  texts.erase(repeated.begin(), repeated.end());
}

std::string_view member(element row, std::string_view name) {
  std::string_view text;
  return row[name].get(text) == simdjson::SUCCESS ? text : std::string_view();
}

/// Visits the items of a list of a group; a group that did not change is left out of the body.
template <class Visit>
void each(element body, std::string_view group, std::string_view list, Visit&& visit) {
  array items;
  if (body[group][list].get(items) != simdjson::SUCCESS) return;
  for (const element item : items) visit(item);
}

/// Reads one body into what it touches.
class Reading {
 public:
  explicit Reading(element body) : body_(body) {}

  Touched finish() && {
    for (const auto* list : {"upsert", "remove"}) {
      each(body_, "agents", list, [&](element row) { keep(member(row, "id")); });
      each(body_, "sessions", list, [&](element row) { session(row); });
    }
    keep_each_once(touched_.agents);
    std::uint64_t part = 0;
    if (body_["part"].get(part) == simdjson::SUCCESS) touched_.part = part;
    return std::move(touched_);
  }

 private:
  void session(element row) {
    const auto key = member(row, "key");
    touched_.sessions.emplace_back(key);
    const auto agent = member(row, "agentId");
    keep(agent.empty() ? agent_in_key(key).value_or("") : agent);
  }
  void keep(std::string_view agent) {
    if (!agent.empty()) touched_.agents.emplace_back(agent);
  }

  element body_;
  Touched touched_;
};

}  // namespace

std::optional<std::string_view> agent_in_key(std::string_view session_key) {
  constexpr std::string_view kPrefix = "agent:";
  if (!session_key.starts_with(kPrefix)) return std::nullopt;
  session_key.remove_prefix(kPrefix.size());
  const auto end = session_key.find(':');
  if (end == std::string_view::npos) return std::nullopt;
  return session_key.substr(0, end);
}

std::vector<std::string_view> touched_agents(const ChangeSet& changes) {
  std::vector<std::string_view> agents;
  const auto keep = [&](std::string_view agent) {
    if (!agent.empty()) agents.push_back(agent);
  };
  for (const auto& row : changes.agents.upsert) keep(row->id);
  for (const auto& id : changes.agents.remove) keep(id);
  for (const auto& row : changes.sessions.upsert) {
    keep(row->agent_id() ? *row->agent_id() : agent_in_key(row->key()).value_or(""));
  }
  for (const auto& key : changes.sessions.remove) keep(agent_in_key(key).value_or(""));
  keep_each_once(agents);
  return agents;
}

Result<Touched> read_touched(std::string_view body) {
  // One per thread: its buffers are what makes reading a long journal quick.
  thread_local simdjson::dom::parser parser;
  element parsed;
  if (parser.parse(body.data(), body.size()).get(parsed) != simdjson::SUCCESS ||
      !parsed.is_object()) {
    return fail(ErrorCode::kCorrupt, "the body of a journal entry is not a JSON object");
  }
  return Reading(parsed).finish();
}

}  // namespace cc::fleet
