#include "api/query/field.h"

#include <array>
#include <cmath>

namespace cc::api {
namespace {

using fleet::Agent;
using fleet::Gateway;
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
enum class Use { kPlain, kSearched, kFaceted };

/// The field behind a member of a row.
template <class Row, class Member, Member Row::* member>
constexpr Field<Row> make_field(std::string_view name, Use use) {
  return {
      {name, kind_of<Member>(), words_of<typename Unwrapped<Member>::Type>(), use == Use::kFaceted},
      [](const Row& row, bool) { return to_value(row.*member); },
      use == Use::kSearched};
}

template <class T>
struct MemberPointer;
template <class Row, class Member>
struct MemberPointer<Member Row::*> {
  template <Member Row::* member>
  static constexpr Field<Row> field(std::string_view name, Use use) {
    return make_field<Row, Member, member>(name, use);
  }
};

template <auto member>
constexpr auto field(std::string_view name, Use use = Use::kPlain) {
  return MemberPointer<decltype(member)>::template field<member>(name, use);
}

constexpr std::array kGatewayFields{
    field<&Gateway::name>("name", Use::kSearched),
    field<&Gateway::state>("state", Use::kFaceted),
    field<&Gateway::source>("source", Use::kFaceted),
    field<&Gateway::detail>("detail"),
    field<&Gateway::action>("action"),
    field<&Gateway::protocol>("protocol", Use::kFaceted),
    field<&Gateway::server_version>("serverVersion"),
    field<&Gateway::connected_at>("connectedAt"),
    field<&Gateway::last_event_at>("lastEventAt"),
    field<&Gateway::reconnects>("reconnects"),
    field<&Gateway::gaps>("gaps"),
    field<&Gateway::version>("version"),
};

constexpr Field<Agent> kShownStatus{
    {"status", FieldKind::kText, is_status, true},
    [](const Agent& row, bool speaks) {
      return to_value(fleet::shown_status(row.reported_status, speaks));
    },
    false};

constexpr std::array kAgentFields{
    field<&Agent::gateway>("gateway", Use::kFaceted),
    field<&Agent::id>("id", Use::kSearched),
    field<&Agent::name>("name", Use::kSearched),
    field<&Agent::emoji>("emoji"),
    field<&Agent::is_default>("isDefault", Use::kFaceted),
    field<&Agent::model>("model", Use::kFaceted),
    field<&Agent::runtime>("runtime", Use::kFaceted),
    field<&Agent::workspace>("workspace"),
    kShownStatus,
    field<&Agent::reported_status>("reportedStatus", Use::kFaceted),
    field<&Agent::status_reason>("statusReason"),
    field<&Agent::status_since>("statusSince"),
    field<&Agent::active_runs>("activeRuns"),
    field<&Agent::sessions>("sessions"),
    field<&Agent::last_active_at>("lastActiveAt"),
    field<&Agent::last_progress_at>("lastProgressAt"),
    field<&Agent::source>("source", Use::kFaceted),
    field<&Agent::version>("version"),
};

constexpr std::array kSessionFields{
    field<&Session::gateway>("gateway", Use::kFaceted),
    field<&Session::key>("key", Use::kSearched),
    field<&Session::agent_id>("agentId"),
    field<&Session::session_id>("sessionId"),
    field<&Session::parent_key>("parentKey"),
    field<&Session::title>("title", Use::kSearched),
    field<&Session::kind>("kind", Use::kFaceted),
    field<&Session::channel>("channel", Use::kFaceted),
    field<&Session::status>("status", Use::kFaceted),
    field<&Session::active_runs>("activeRuns"),
    field<&Session::model>("model", Use::kFaceted),
    field<&Session::provider>("provider", Use::kFaceted),
    field<&Session::input_tokens>("inputTokens"),
    field<&Session::output_tokens>("outputTokens"),
    field<&Session::total_tokens>("totalTokens"),
    field<&Session::context_tokens>("contextTokens"),
    field<&Session::cost_usd>("costUsd"),
    field<&Session::started_at>("startedAt"),
    field<&Session::updated_at>("updatedAt"),
    field<&Session::ended_at>("endedAt"),
    field<&Session::archived>("archived", Use::kFaceted),
    field<&Session::version>("version"),
};

constexpr std::array kPresenceFields{
    field<&Presence::gateway>("gateway", Use::kFaceted),
    field<&Presence::id>("id", Use::kSearched),
    field<&Presence::host>("host", Use::kSearched),
    field<&Presence::mode>("mode", Use::kFaceted),
    field<&Presence::platform>("platform", Use::kFaceted),
    field<&Presence::client_version>("clientVersion", Use::kFaceted),
    field<&Presence::roles>("roles", Use::kFaceted),
    field<&Presence::online>("online", Use::kFaceted),
    field<&Presence::last_seen_at>("lastSeenAt"),
    field<&Presence::version>("version"),
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
