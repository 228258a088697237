#include "api/resources/journal/entry_filter.h"

#include <algorithm>

#include "base/json_writer.h"
#include "journal/mentions.h"

namespace cc::api {
namespace {

/// `"member":"text"`, as bodies spell it.
std::string spelled(std::string_view member, std::string_view text) {
  std::string out;
  JsonWriter(out).field(member, text);
  return out;
}

/// GATEWAY/ID: a gateway's name has no slash, so the first one divides.
std::expected<WantedRow, ParameterFault> parse_row(std::string_view parameter,
                                                   std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos || slash == 0 || slash + 1 == text.size()) {
    const std::string name(parameter);
    return std::unexpected(ParameterFault{
        name, "The parameter '" + name + "' is the gateway's name, a slash and the identity."});
  }
  return WantedRow{std::string(text.substr(0, slash)), std::string(text.substr(slash + 1))};
}

}  // namespace

std::optional<std::set<fleet::EventKind>> parse_event_kinds(std::string_view types) {
  std::set<fleet::EventKind> kinds;
  for (const std::string& word : split_list(types)) {
    const auto kind = fleet::parse<fleet::EventKind>(word);
    if (!kind && word != "reset") return std::nullopt;
    if (kind) kinds.insert(*kind);
  }
  if (kinds.empty()) return std::nullopt;
  return kinds;
}

std::expected<EntryFilter, ParameterFault> EntryFilter::parse(const Parameters& query) {
  EntryFilter filter;
  if (const auto types = find_value(query, "types")) {
    auto kinds = parse_event_kinds(*types);
    if (!kinds) {
      return std::unexpected(ParameterFault{"types", std::string(kTypesForm)});
    }
    filter.kinds_ = *std::move(kinds);
  }
  if (const auto gateway = find_value(query, "gateway")) {
    for (auto& name : split_list(*gateway)) filter.gateways_.insert(std::move(name));
  }
  if (const auto agent = find_value(query, "agent")) {
    if (auto wanted = filter.want_agent(*agent); !wanted) return std::unexpected(wanted.error());
  }
  if (const auto session = find_value(query, "session")) {
    if (auto wanted = filter.want_session(*session); !wanted) {
      return std::unexpected(wanted.error());
    }
  }
  return filter;
}

std::expected<void, ParameterFault> EntryFilter::want_agent(std::string_view name) {
  auto row = parse_row("agent", name);
  if (!row) return std::unexpected(row.error());
  // A session that is gone names its agent only by its key (fleet/mentions.h).
  std::string keyed = spelled("key", "agent:" + row->id + ":");
  keyed.pop_back();
  agent_spelling_.any_of = {spelled("id", row->id), spelled("agentId", row->id), std::move(keyed)};
  agent_ = *std::move(row);
  return {};
}

std::expected<void, ParameterFault> EntryFilter::want_session(std::string_view name) {
  auto row = parse_row("session", name);
  if (!row) return std::unexpected(row.error());
  session_spelling_.any_of = {spelled("key", row->id)};
  session_ = *std::move(row);
  return {};
}

bool EntryFilter::takes_all() const {
  return kinds_.empty() && gateways_.empty() && !agent_ && !session_;
}

bool EntryFilter::takes(const journal::Entry& entry) const {
  if (!kinds_.empty() && !kinds_.contains(entry.event)) return false;
  if (!gateways_.empty() && !gateways_.contains(entry.gateway)) return false;
  if (agent_ && agent_->gateway != entry.gateway) return false;
  if (session_ && session_->gateway != entry.gateway) return false;
  return (!agent_ && !session_) || names_wanted_rows(entry.body);
}

bool EntryFilter::Spelling::found_in(std::string_view body) const {
  return std::ranges::any_of(any_of, [&](const std::string& spelling) {
    return body.find(spelling) != std::string_view::npos;
  });
}

bool EntryFilter::names_wanted_rows(std::string_view body) const {
  if (agent_ && !agent_spelling_.found_in(body)) return false;
  if (session_ && !session_spelling_.found_in(body)) return false;
  const auto mentions = journal::read_mentions(body);
  if (!mentions) return false;
  const auto has = [](const auto& names, const std::string& wanted) {
    return std::ranges::find(names, wanted) != names.end();
  };
  return (!agent_ || has(mentions->agents, agent_->id)) &&
         (!session_ || has(mentions->sessions, session_->id));
}

}  // namespace cc::api
