#include "api/query/field.h"

#include <array>
#include <cmath>
#include <functional>

namespace cc::api {
namespace {

using fleet::Agent;
using fleet::Gateway;
using fleet::PackedSession;
using fleet::Presence;
using fleet::Session;

Value to_value(bool truth) {
  return truth;
}
Value to_value(std::int64_t number) {
  return number;
}
Value to_value(int number) {
  return static_cast<std::int64_t>(number);
}
Value to_value(Seq number) {
  return static_cast<std::int64_t>(number);
}
Value to_value(double number) {
  return std::isnan(number) ? Value() : Value(number);
}
Value to_value(const std::string& text) {
  return std::string_view(text);
}
Value to_value(std::string_view text) {
  return text;
}
Value to_value(const Texts& texts) {
  return &texts;
}
Value to_value(fleet::GatewayState state) {
  return text(state);
}
Value to_value(fleet::AgentStatus status) {
  return text(status);
}
Value to_value(fleet::Source source) {
  return text(source);
}
template <class T>
Value to_value(const std::optional<T>& maybe) {
  return maybe ? to_value(*maybe) : Value();
}

template <class T>
struct Unwrapped {
  using Type = T;
};
template <class T>
struct Unwrapped<std::optional<T>> {
  using Type = T;
};

template <class Member>
constexpr FieldKind kind_of() {
  using T = typename Unwrapped<Member>::Type;
  if constexpr (std::is_same_v<T, bool>) return FieldKind::kBool;
  if constexpr (std::is_integral_v<T>) return FieldKind::kInteger;
  if constexpr (std::is_same_v<T, double>) return FieldKind::kNumber;
  if constexpr (std::is_same_v<T, Texts>) return FieldKind::kTexts;
  return FieldKind::kText;
}

bool is_state(std::string_view word) {
  return fleet::parse_gateway_state(word).has_value();
}
bool is_status(std::string_view word) {
  return fleet::parse_agent_status(word).has_value();
}
bool is_source(std::string_view word) {
  return fleet::parse_source(word).has_value();
}

template <class T>
constexpr auto words_of() -> bool (*)(std::string_view) {
  if constexpr (std::is_same_v<T, fleet::GatewayState>) return is_state;
  if constexpr (std::is_same_v<T, fleet::AgentStatus>) return is_status;
  if constexpr (std::is_same_v<T, fleet::Source>) return is_source;
  return nullptr;
}

/// What a field is good for, beside filtering and sorting.
enum class Use { kPlain, kSearched, kFaceted, kTimed };

/// The field behind a member of a row as the fleet holds it: a value in it, or what reads one.
template <class Row, auto member>
constexpr Field<Row> field(std::string_view name, Use use = Use::kPlain) {
  using Member = std::remove_cvref_t<std::invoke_result_t<decltype(member), fleet::Held<Row>>>;
  return {
      {name, kind_of<Member>(), words_of<typename Unwrapped<Member>::Type>(), use == Use::kFaceted},
      [](const fleet::Held<Row>& row, bool) { return to_value(std::invoke(member, row)); },
      use == Use::kSearched,
      use == Use::kTimed};
}

constexpr std::array kGatewayFields{
    field<Gateway, &Gateway::name>("name", Use::kSearched),
    field<Gateway, &Gateway::state>("state", Use::kFaceted),
    field<Gateway, &Gateway::source>("source", Use::kFaceted),
    field<Gateway, &Gateway::detail>("detail"),
    field<Gateway, &Gateway::action>("action"),
    field<Gateway, &Gateway::protocol>("protocol", Use::kFaceted),
    field<Gateway, &Gateway::server_version>("serverVersion"),
    field<Gateway, &Gateway::connected_at>("connectedAt"),
    field<Gateway, &Gateway::last_event_at>("lastEventAt"),
    field<Gateway, &Gateway::reconnects>("reconnects"),
    field<Gateway, &Gateway::gaps>("gaps"),
    field<Gateway, &Gateway::version>("version"),
};

constexpr Field<Agent> kShownStatus{
    {"status", FieldKind::kText, is_status, true},
    [](const Agent& row, bool speaks) {
      return to_value(fleet::shown_status(row.reported_status, speaks));
    },
    false,
    false};

constexpr std::array kAgentFields{
    field<Agent, &Agent::gateway>("gateway", Use::kFaceted),
    field<Agent, &Agent::id>("id", Use::kSearched),
    field<Agent, &Agent::name>("name", Use::kSearched),
    field<Agent, &Agent::emoji>("emoji"),
    field<Agent, &Agent::is_default>("isDefault", Use::kFaceted),
    field<Agent, &Agent::model>("model", Use::kFaceted),
    field<Agent, &Agent::runtime>("runtime", Use::kFaceted),
    field<Agent, &Agent::workspace>("workspace"),
    kShownStatus,
    field<Agent, &Agent::reported_status>("reportedStatus", Use::kFaceted),
    field<Agent, &Agent::status_reason>("statusReason"),
    field<Agent, &Agent::status_since>("statusSince"),
    field<Agent, &Agent::active_runs>("activeRuns"),
    field<Agent, &Agent::sessions>("sessions"),
    field<Agent, &Agent::last_active_at>("lastActiveAt"),
    field<Agent, &Agent::last_progress_at>("lastProgressAt"),
    field<Agent, &Agent::source>("source", Use::kFaceted),
    field<Agent, &Agent::version>("version"),
};

constexpr std::array kSessionFields{
    field<Session, &PackedSession::gateway>("gateway", Use::kFaceted),
    field<Session, &PackedSession::key>("key", Use::kSearched),
    field<Session, &PackedSession::agent_id>("agentId"),
    field<Session, &PackedSession::session_id>("sessionId"),
    field<Session, &PackedSession::parent_key>("parentKey"),
    field<Session, &PackedSession::title>("title", Use::kSearched),
    field<Session, &PackedSession::kind>("kind", Use::kFaceted),
    field<Session, &PackedSession::channel>("channel", Use::kFaceted),
    field<Session, &PackedSession::status>("status", Use::kFaceted),
    field<Session, &PackedSession::active_runs>("activeRuns"),
    field<Session, &PackedSession::model>("model", Use::kFaceted),
    field<Session, &PackedSession::provider>("provider", Use::kFaceted),
    field<Session, &PackedSession::input_tokens>("inputTokens"),
    field<Session, &PackedSession::output_tokens>("outputTokens"),
    field<Session, &PackedSession::total_tokens>("totalTokens"),
    field<Session, &PackedSession::context_tokens>("contextTokens"),
    field<Session, &PackedSession::cost_usd>("costUsd"),
    field<Session, &PackedSession::started_at>("startedAt"),
    field<Session, &PackedSession::updated_at>("updatedAt", Use::kTimed),
    field<Session, &PackedSession::ended_at>("endedAt"),
    field<Session, &PackedSession::archived>("archived", Use::kFaceted),
    field<Session, &PackedSession::version>("version"),
};

constexpr std::array kPresenceFields{
    field<Presence, &Presence::gateway>("gateway", Use::kFaceted),
    field<Presence, &Presence::id>("id", Use::kSearched),
    field<Presence, &Presence::host>("host", Use::kSearched),
    field<Presence, &Presence::mode>("mode", Use::kFaceted),
    field<Presence, &Presence::platform>("platform", Use::kFaceted),
    field<Presence, &Presence::client_version>("clientVersion", Use::kFaceted),
    field<Presence, &Presence::roles>("roles", Use::kFaceted),
    field<Presence, &Presence::online>("online", Use::kFaceted),
    field<Presence, &Presence::last_seen_at>("lastSeenAt"),
    field<Presence, &Presence::version>("version"),
};

}  // namespace

template <>
std::span<const Field<Gateway>> fields() {
  return kGatewayFields;
}
template <>
std::span<const Field<Agent>> fields() {
  return kAgentFields;
}
template <>
std::span<const Field<Session>> fields() {
  return kSessionFields;
}
template <>
std::span<const Field<Presence>> fields() {
  return kPresenceFields;
}

}  // namespace cc::api
