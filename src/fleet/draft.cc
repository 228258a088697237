#include "fleet/draft.h"

namespace cc::fleet {
namespace {

template <class Row>
bool is_nothing(const Row& /*row*/) {
  return false;
}
bool is_nothing(const AgentRuns& runs) {
  return runs.empty();
}

bool differs(const AgentRuns& a, const AgentRuns& b) {
  return a != b;
}
bool touched(const AgentRuns& /*before*/, const AgentRuns& /*after*/) {
  return false;
}

}  // namespace

template <>
Seen<Gateway> Draft::held<Gateway>(std::string_view id) const {
  return view_.gateway(id);
}
template <>
Seen<Agent> Draft::held<Agent>(std::string_view id) const {
  return view_.agent(gateway_, id);
}
template <>
Seen<Session> Draft::held<Session>(std::string_view id) const {
  return view_.session(gateway_, id);
}
template <>
Seen<Presence> Draft::held<Presence>(std::string_view id) const {
  return view_.presence(gateway_, id);
}
template <>
Seen<AgentRuns> Draft::held<AgentRuns>(std::string_view id) const {
  return view_.runs(gateway_, id);
}

template <>
void Draft::each_held<Agent>(const std::function<void(const Agent&)>& visit) const {
  view_.each_agent(gateway_, visit);
}
template <>
void Draft::each_held<Session>(const std::function<void(const SessionView&)>& visit) const {
  view_.each_session(gateway_, visit);
}
template <>
void Draft::each_held<Presence>(const std::function<void(const Presence&)>& visit) const {
  view_.each_presence(gateway_, visit);
}
template <>
void Draft::each_held<AgentRuns>(const std::function<void(const AgentRuns&)>& visit) const {
  view_.each_runs(gateway_, visit);
}

void Draft::name_row(Gateway& row, std::string_view id) const {
  row.name = id;
}

void Draft::name_row(Agent& row, std::string_view id) const {
  row.gateway = gateway_;
  row.id = id;
  row.name = id;
}

void Draft::name_row(SessionView& row, std::string_view id) const {
  row.gateway = gateway_;
  row.key = id;
}

void Draft::name_row(Presence& row, std::string_view id) const {
  row.gateway = gateway_;
  row.id = id;
}

void Draft::name_row(AgentRuns& row, std::string_view id) const {
  row.agent_id = id;
}

std::size_t Draft::session_count() const {
  std::size_t count = view_.session_count(gateway_);
  for (const auto& edit : edits<Session>().all()) {
    const bool was_there = static_cast<bool>(edit.before);
    count += edit.row && !was_there ? 1U : 0U;
    count -= !edit.row && was_there ? 1U : 0U;
  }
  return count;
}

template <class Row>
void Draft::collect(Changes<Row>& into) {
  for (const auto& [id, before, row] : edits<Row>().all()) {
    if (!row || is_nothing(*row)) {
      if (before) into.remove.push_back(id);
    } else if (!before || differs(*before, *row)) {
      into.upsert.push_back(made(row));
    } else if (touched(*before, *row)) {
      into.touch.push_back(made(row));
    }
  }
}

ChangeSet Draft::finish(Source source, Cause cause) {
  ChangeSet changes;
  changes.gateway = gateway_;
  changes.source = source;
  changes.cause = cause;
  const Gateway* gateway = peek<Gateway>(gateway_);
  changes.gateway_speaks = gateway != nullptr && speaks(gateway->state);
  collect(changes.gateways);
  collect(changes.agents);
  collect(changes.sessions);
  collect(changes.presence);
  collect(changes.runs);
  edits_ = {};
  return changes;
}

}  // namespace cc::fleet
