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

enum class Search { kNo, kYes };

/// The field behind a member of a row.
template <class Row, class Member, Member Row::* member>
constexpr Field<Row> make_field(std::string_view name, Search search) {
  return {{name, kind_of<Member>(), words_of<typename Unwrapped<Member>::Type>()},
          [](const Row& row, bool) { return to_value(row.*member); },
          search == Search::kYes};
}

template <class T>
struct MemberPointer;
template <class Row, class Member>
struct MemberPointer<Member Row::*> {
  template <Member Row::* member>
  static constexpr Field<Row> field(std::string_view name, Search search) {
    return make_field<Row, Member, member>(name, search);
  }
};

template <auto member>
constexpr auto field(std::string_view name, Search search = Search::kNo) {
  return MemberPointer<decltype(member)>::template field<member>(name, search);
}

constexpr std::array kGatewayFields{
    field<&Gateway::name>("name", Search::kYes),
    field<&Gateway::state>("state"),
    field<&Gateway::source>("source"),
    field<&Gateway::detail>("detail"),
    field<&Gateway::action>("action"),
    field<&Gateway::protocol>("protocol"),
    field<&Gateway::server_version>("serverVersion"),
    field<&Gateway::connected_at>("connectedAt"),
    field<&Gateway::last_event_at>("lastEventAt"),
    field<&Gateway::reconnects>("reconnects"),
    field<&Gateway::gaps>("gaps"),
    field<&Gateway::version>("version"),
};

constexpr Field<Agent> kShownStatus{
    {"status", FieldKind::kText, is_status},
    [](const Agent& row, bool speaks) {
      return to_value(fleet::shown_status(row.reported_status, speaks));
    },
    false};

constexpr std::array kAgentFields{
    field<&Agent::gateway>("gateway"),
    field<&Agent::id>("id", Search::kYes),
    field<&Agent::name>("name", Search::kYes),
    field<&Agent::emoji>("emoji"),
    field<&Agent::is_default>("isDefault"),
    field<&Agent::model>("model"),
    field<&Agent::runtime>("runtime"),
    field<&Agent::workspace>("workspace"),
    kShownStatus,
    field<&Agent::reported_status>("reportedStatus"),
    field<&Agent::status_reason>("statusReason"),
    field<&Agent::status_since>("statusSince"),
    field<&Agent::active_runs>("activeRuns"),
    field<&Agent::sessions>("sessions"),
    field<&Agent::last_active_at>("lastActiveAt"),
    field<&Agent::last_progress_at>("lastProgressAt"),
    field<&Agent::source>("source"),
    field<&Agent::version>("version"),
};

constexpr std::array kSessionFields{
    field<&Session::gateway>("gateway"),
    field<&Session::key>("key", Search::kYes),
    field<&Session::agent_id>("agentId"),
    field<&Session::session_id>("sessionId"),
    field<&Session::parent_key>("parentKey"),
    field<&Session::title>("title", Search::kYes),
    field<&Session::kind>("kind"),
    field<&Session::channel>("channel"),
    field<&Session::status>("status"),
    field<&Session::active_runs>("activeRuns"),
    field<&Session::model>("model"),
    field<&Session::provider>("provider"),
    field<&Session::input_tokens>("inputTokens"),
    field<&Session::output_tokens>("outputTokens"),
    field<&Session::total_tokens>("totalTokens"),
    field<&Session::context_tokens>("contextTokens"),
    field<&Session::cost_usd>("costUsd"),
    field<&Session::started_at>("startedAt"),
    field<&Session::updated_at>("updatedAt"),
    field<&Session::ended_at>("endedAt"),
    field<&Session::archived>("archived"),
    field<&Session::version>("version"),
};

constexpr std::array kPresenceFields{
    field<&Presence::gateway>("gateway"),
    field<&Presence::id>("id", Search::kYes),
    field<&Presence::host>("host", Search::kYes),
    field<&Presence::mode>("mode"),
    field<&Presence::platform>("platform"),
    field<&Presence::client_version>("clientVersion"),
    field<&Presence::roles>("roles"),
    field<&Presence::online>("online"),
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
