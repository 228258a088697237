#include "fleet/codec.h"

#include <simdjson.h>

#include "base/json_read_back.h"

namespace cc::fleet {

void encode(JsonWriter& out, const Gateway& row) {
  out.begin_object().field("name", row.name).field("state", text(row.state));
  out.key("source");
  row.source ? out.value(text(*row.source)) : out.null();
  out.field("detail", row.detail)
      .field("action", row.action)
      .field("protocol", row.protocol)
      .field("serverVersion", row.server_version)
      .field("connectedAt", row.connected_at)
      .field("lastEventAt", row.last_event_at)
      .field("reconnects", row.reconnects)
      .field("gaps", row.gaps)
      .field("version", row.version)
      .end_object();
}

void encode(JsonWriter& out, const Agent& row, bool gateway_speaks) {
  out.begin_object()
      .field("gateway", row.gateway)
      .field("id", row.id)
      .field("name", row.name)
      .field("emoji", row.emoji)
      .field("isDefault", row.is_default)
      .field("model", row.model)
      .field("runtime", row.runtime)
      .field("workspace", row.workspace)
      .field("status", text(shown_status(row.reported_status, gateway_speaks)))
      .field("reportedStatus", text(row.reported_status))
      .field("statusReason", row.status_reason)
      .field("statusSince", row.status_since)
      .field("activeRuns", row.active_runs)
      .field("sessions", row.sessions)
      .field("lastActiveAt", row.last_active_at)
      .field("lastProgressAt", row.last_progress_at)
      .field("source", text(row.source))
      .field("version", row.version)
      .end_object();
}

void encode(JsonWriter& out, const SessionView& row) {
  out.begin_object()
      .field("gateway", row.gateway)
      .field("key", row.key)
      .field("agentId", row.agent_id)
      .field("sessionId", row.session_id)
      .field("parentKey", row.parent_key)
      .field("title", row.title)
      .field("kind", row.kind)
      .field("channel", row.channel)
      .field("status", row.status)
      .field("activeRuns", row.active_runs)
      .field("model", row.model)
      .field("provider", row.provider)
      .field("inputTokens", row.input_tokens)
      .field("outputTokens", row.output_tokens)
      .field("totalTokens", row.total_tokens)
      .field("contextTokens", row.context_tokens)
      .field("costUsd", row.cost_usd)
      .field("startedAt", row.started_at)
      .field("updatedAt", row.updated_at)
      .field("endedAt", row.ended_at)
      .field("archived", row.archived)
      .field("version", row.version)
      .end_object();
}

void encode(JsonWriter& out, const Presence& row) {
  out.begin_object()
      .field("gateway", row.gateway)
      .field("id", row.id)
      .field("host", row.host)
      .field("mode", row.mode)
      .field("platform", row.platform)
      .field("clientVersion", row.client_version);
  out.key("roles").begin_array();
  for (const auto& role : row.roles) out.value(role);
  out.end_array()
      .field("online", row.online)
      .field("lastSeenAt", row.last_seen_at)
      .field("version", row.version)
      .end_object();
}

namespace {

/// Reads the members of one row in the order in which `encode` wrote them; the first that is
/// missing or of a wrong kind is remembered, and no other is read after it.
class Members {
 public:
  explicit Members(std::string_view json)
      : json_(json), begun_(json_.begin_object() && simdjson::validate_utf8(json)) {}

  template <std::size_t N, class T>
  void read(const char (&name)[N], T& into) {
    if (!ok()) return;
    if (!json_.key(name) || !json_.value(into)) wrong_ = name;
  }
  template <std::size_t N, class Word>
  void read(const char (&name)[N], Word& into, std::optional<Word> (*parse)(std::string_view)) {
    std::string_view word;
    read(name, word);
    if (!ok()) return;
    const auto parsed = parse(word);
    parsed ? void(into = *parsed) : void(wrong_ = name);
  }
  /// What is written for others to see, and follows from the rest.
  template <std::size_t N>
  void skip(const char (&name)[N]) {
    std::string_view text;
    read(name, text);
  }

  [[nodiscard]] Result<void> finish() {
    if (!begun_) return fail(ErrorCode::kCorrupt, "stored row: not a JSON object");
    if (!wrong_.empty()) {
      return fail(ErrorCode::kCorrupt,
                  "stored row: member `" + std::string(wrong_) + "` is not what it should be");
    }
    if (json_.end_object() && json_.at_end()) return {};
    return fail(ErrorCode::kCorrupt, "stored row: more follows than its members");
  }

 private:
  [[nodiscard]] bool ok() const { return begun_ && wrong_.empty(); }

  JsonReadBack json_;
  bool begun_;
  std::string_view wrong_;  // a name that stands in the code
};

template <class Row, class Read>
Result<std::shared_ptr<Row>> decode(std::string_view json, Read read) {
  auto row = std::make_shared<Row>();
  Members members(json);
  read(members, *row);
  if (auto whole = members.finish(); !whole) return std::unexpected(whole.error());
  return row;
}

}  // namespace

Result<std::shared_ptr<Gateway>> decode_gateway(std::string_view json) {
  return decode<Gateway>(json, [](Members& in, Gateway& row) {
    in.read("name", row.name);
    in.read("state", row.state, parse_gateway_state);
    Text source;
    in.read("source", source);
    row.source = source ? parse_source(*source) : std::nullopt;
    in.read("detail", row.detail);
    in.read("action", row.action);
    in.read("protocol", row.protocol);
    in.read("serverVersion", row.server_version);
    in.read("connectedAt", row.connected_at);
    in.read("lastEventAt", row.last_event_at);
    in.read("reconnects", row.reconnects);
    in.read("gaps", row.gaps);
    in.read("version", row.version);
  });
}

Result<std::shared_ptr<Agent>> decode_agent(std::string_view json) {
  return decode<Agent>(json, [](Members& in, Agent& row) {
    in.read("gateway", row.gateway);
    in.read("id", row.id);
    in.read("name", row.name);
    in.read("emoji", row.emoji);
    in.read("isDefault", row.is_default);
    in.read("model", row.model);
    in.read("runtime", row.runtime);
    in.read("workspace", row.workspace);
    in.skip("status");
    in.read("reportedStatus", row.reported_status, parse_agent_status);
    in.read("statusReason", row.status_reason);
    in.read("statusSince", row.status_since);
    in.read("activeRuns", row.active_runs);
    in.read("sessions", row.sessions);
    in.read("lastActiveAt", row.last_active_at);
    in.read("lastProgressAt", row.last_progress_at);
    in.read("source", row.source, parse_source);
    in.read("version", row.version);
  });
}

Result<PackedSession::Pointer> decode_session(std::string_view json) {
  SessionView row;
  Members in(json);
  in.read("gateway", row.gateway);
  in.read("key", row.key);
  in.read("agentId", row.agent_id);
  in.read("sessionId", row.session_id);
  in.read("parentKey", row.parent_key);
  in.read("title", row.title);
  in.read("kind", row.kind);
  in.read("channel", row.channel);
  in.read("status", row.status);
  in.read("activeRuns", row.active_runs);
  in.read("model", row.model);
  in.read("provider", row.provider);
  in.read("inputTokens", row.input_tokens);
  in.read("outputTokens", row.output_tokens);
  in.read("totalTokens", row.total_tokens);
  in.read("contextTokens", row.context_tokens);
  in.read("costUsd", row.cost_usd);
  in.read("startedAt", row.started_at);
  in.read("updatedAt", row.updated_at);
  in.read("endedAt", row.ended_at);
  in.read("archived", row.archived);
  in.read("version", row.version);
  if (auto whole = in.finish(); !whole) return std::unexpected(whole.error());
  return PackedSession::make(row);
}

Result<std::shared_ptr<Presence>> decode_presence(std::string_view json) {
  return decode<Presence>(json, [](Members& in, Presence& row) {
    in.read("gateway", row.gateway);
    in.read("id", row.id);
    in.read("host", row.host);
    in.read("mode", row.mode);
    in.read("platform", row.platform);
    in.read("clientVersion", row.client_version);
    in.read("roles", row.roles);
    in.read("online", row.online);
    in.read("lastSeenAt", row.last_seen_at);
    in.read("version", row.version);
  });
}

}  // namespace cc::fleet
