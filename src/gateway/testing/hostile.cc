#include "gateway/testing/hostile.h"

#include "base/text.h"
#include "gateway/protocol/interpret.h"
#include "gateway/protocol/members.h"
#include "gateway/protocol/page_filter.h"
#include "gateway/protocol/refusal.h"
#include "gateway/protocol/rest.h"

namespace cc::gateway::protocol {
namespace {

constexpr TimeMs kNow = 1'795'350'000'000;
constexpr TimeMs kEndOfTime = 253'402'300'799'999;

/// Collects what does not hold.
class Check {
 public:
  void that(bool holds, std::string_view what) {
    if (!holds && found_.empty()) found_ = what;
  }
  template <class String>
  void text(const fleet::Field<String>& field) {
    if (const auto text = value_of(field)) this->text(*text);
  }
  void text(std::string_view text) {
    that(text.size() <= kMaxTextBytes && clean_text(text) == text, "text that is not clean");
  }
  void identity(std::string_view id) { that(is_identity(id), "an identity that is none"); }
  void maybe_identity(std::string_view id) {
    that(id.empty() || is_identity(id), "an id that is none");
  }
  template <class String>
  void identity(const fleet::Field<String>& field) {
    if (const auto id = value_of(field)) identity(*id);
  }
  void number(const fleet::Field<std::int64_t>& field) {
    const auto number = value_of(field).value_or(0);
    that(number >= 0 && number <= kEndOfTime, "a number out of range");
  }

  [[nodiscard]] std::string found() const { return found_; }

 private:
  std::string found_;
};

void check(Check& check, const fleet::SessionPatch& row) {
  check.identity(row.key);
  check.identity(row.agent_id);
  check.identity(row.session_id);
  check.identity(row.parent_key);
  for (const auto& text : {row.title, row.kind, row.channel, row.status, row.model, row.provider,
                           row.last_run_error}) {
    check.text(text);
  }
  for (const auto& time : {row.started_at, row.updated_at, row.ended_at}) check.number(time);
  check.that(value_of(row.cost_usd).value_or(0) >= 0, "a negative cost");
  for (const auto& run : value_of(row.active_run_ids).value_or(std::vector<std::string>())) {
    check.identity(run);
  }
}

void check(Check& check, const fleet::AgentPatch& agent) {
  check.identity(agent.id);
  for (const auto& text : {agent.name, agent.emoji, agent.model, agent.runtime, agent.workspace}) {
    check.text(text);
  }
  check.number(agent.last_active_at);
}

void check(Check& check, const fleet::PresenceList& list) {
  for (const auto& entry : list.entries) {
    check.identity(entry.id);
    for (const auto& text : {entry.host, entry.mode, entry.platform, entry.client_version}) {
      check.text(text.value_or(""));
    }
    for (const auto& role : entry.roles) check.text(role);
  }
}

struct CheckObservation {
  Check& out;

  void operator()(const fleet::SessionChanged& change) const {
    check(out, change.row);
    out.text(change.phase);
    out.text(change.reason);
    out.maybe_identity(change.run_id);
  }
  void operator()(const fleet::SessionDeleted& gone) const {
    out.identity(gone.key);
    out.identity(gone.session_id.value_or("none"));
  }
  void operator()(const fleet::PresenceChanged& change) const { check(out, change.presence); }
  void operator()(const fleet::AgentConfigured& change) const { check(out, change.agent); }
  void operator()(const fleet::RunEvent& run) const {
    out.maybe_identity(run.session_key);
    out.maybe_identity(run.run_id);
    out.maybe_identity(run.approval_id);
    out.identity(run.agent_id.value_or("none"));
    out.that(!run.session_key.empty() || !run.run_id.empty(), "a run of nobody");
    out.text(run.error);
  }
  void operator()(const fleet::ApprovalAsked& asked) const {
    const auto& approval = asked.approval;
    out.identity(approval.id);
    out.maybe_identity(approval.agent_id.value_or(""));
    out.maybe_identity(approval.session_key.value_or(""));
    out.text(approval.title.value_or(""));
    out.that(is_utf8(approval.command.value_or("")), "a command that is no UTF-8");
    for (const auto& decision : approval.decisions) out.text(decision);
  }
  void operator()(const fleet::ApprovalResolved& resolved) const {
    out.identity(resolved.id);
    out.text(resolved.decision);
    out.text(resolved.by);
  }
  template <class Other>
  void operator()(const Other&) const {}
};

void read_event(const EventFrame& event, int protocol, Check& out) {
  Interpreter interpreter(
      {.gateway = "default", .dialect = dialect_of(protocol), .presence_version = 0});
  std::ignore = read_challenge(event.payload);
  for (int again = 0; again < 2; ++again) {
    const auto read = interpreter.event(event, kNow);
    out.that(!read.observations.empty(), "an event without a sign of life");
    for (const auto& observation : read.observations) {
      std::visit(CheckObservation{out}, observation.what);
    }
  }
}

void read_response(const ResponseFrame& response, int protocol, Check& out) {
  Skipped skipped;
  Interpreter interpreter(
      {.gateway = "default", .dialect = dialect_of(protocol), .presence_version = 0});
  if (const auto agents = interpreter.agents_list(response.payload, skipped)) {
    for (const auto& agent : agents->agents) check(out, agent);
  }
  if (const auto page = interpreter.sessions_list(response.payload, skipped)) {
    for (const auto& session : page->list.sessions) check(out, session);
  }
  if (const auto list = interpreter.presence(response.payload, skipped)) check(out, *list);
  if (const auto hello = read_hello(response.payload)) {
    out.that(hello->max_payload <= kMaxFrameBytes, "a payload out of bounds");
    out.that(hello->tick_interval >= Millis(1'000), "a tick out of bounds");
    if (hello->presence) std::ignore = interpreter.presence(*hello->presence, skipped);
  }
  const auto verdict = judge({response.error, 1008, {}, {}, {}, false, {}}, {});
  out.that(!verdict.detail.empty(), "a refusal that says nothing");
  out.text(verdict.detail);
  out.text(verdict.action);
}

std::optional<std::size_t> sessions_in(const Result<Frame>& frame) {
  const auto* response = frame ? std::get_if<ResponseFrame>(&*frame) : nullptr;
  simdjson::dom::array rows;
  if (response == nullptr || response->payload["sessions"].get(rows) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  return rows.size();
}

/// Removes every second row, and parses what is left.
void filter(FrameParser& parser, std::string_view bytes, Check& out) {
  std::string padded(bytes);
  padded.resize(bytes.size() + simdjson::SIMDJSON_PADDING);
  const FrameText whole{std::string_view(padded).substr(0, bytes.size()),
                        simdjson::SIMDJSON_PADDING};
  PageFilter filter;
  std::size_t asked = 0;
  const FrameText left = filter.filter(whole, [&](RowPrint) { return ++asked % 2 == 0; });
  out.that(filter.left_in().size() == (asked + 1) / 2, "a row that is neither in nor out");
  const auto before = sessions_in(parser.parse(whole.bytes, whole.readable_after));
  if (asked == 0 || !before) return;
  out.that(before == asked, "a row that was not asked of");
  const auto after = sessions_in(parser.parse(left.bytes, left.readable_after));
  out.that(after == filter.left_in().size(), "a page that lost more than its known rows");
}

}  // namespace

std::string read_hostile_frame(FrameParser& parser, std::string_view bytes, int protocol) {
  Check out;
  filter(parser, bytes, out);
  const auto frame = parser.parse(bytes);
  if (!frame) return out.found();
  if (const auto* event = std::get_if<EventFrame>(&*frame)) read_event(*event, protocol, out);
  if (const auto* response = std::get_if<ResponseFrame>(&*frame)) {
    read_response(*response, protocol, out);
  }
  return out.found();
}

std::string read_hostile_body(std::string_view bytes) {
  Check out;
  Skipped skipped;
  if (const auto agents = read_agents_answer(bytes, skipped)) {
    for (const auto& agent : *agents) check(out, agent);
  }
  if (const auto answer = read_sessions_tool(bytes, skipped)) {
    for (const auto& agent : answer->agents) check(out, agent);
    for (const auto& session : answer->sessions.sessions) check(out, session);
  }
  if (const auto agents = read_agents_tool(bytes, skipped)) {
    for (const auto& agent : *agents) check(out, agent);
  }
  return out.found();
}

}  // namespace cc::gateway::protocol
