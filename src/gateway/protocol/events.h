#pragma once
// Parses events that need no memory of earlier ones (docs/protocol/gateway.md, "Events").

#include "gateway/protocol/interpret.h"
#include "gateway/protocol/members.h"

namespace cc::gateway::protocol {

/// One event on its way to becoming observations.
struct EventContext {
  const std::string& gateway;
  const Dialect& dialect;
  TimeMs at = 0;
  Interpretation& out;

  void observe(decltype(fleet::Observation::what) what) const {
    out.observations.push_back({gateway, fleet::Source::kWs, at, std::move(what)});
  }
};

void read_sessions_changed(const EventContext& context, const Members& payload);
void read_agent_event(const EventContext& context, const Members& payload);
void read_chat_event(const EventContext& context, const Members& payload);
/// session.message and session.tool: something happened there.
void read_session_progress(const EventContext& context, const Members& payload);
void read_agent_config(const EventContext& context, const Members& payload);
void read_shutdown(const EventContext& context, const Members& payload);

}  // namespace cc::gateway::protocol
