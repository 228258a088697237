#include "gateway/protocol/interpret.h"

#include <array>

#include "gateway/protocol/approvals.h"
#include "gateway/protocol/events.h"
#include "gateway/protocol/lists.h"
#include "gateway/protocol/rows.h"

namespace cc::gateway::protocol {
namespace {

/// Events that mean the same whatever came before. What is not listed is a sign of life.
struct Meaning {
  std::string_view event;
  void (*read)(const EventContext&, const Members&);
};

constexpr std::array kMeanings{
    Meaning{"sessions.changed", read_sessions_changed},
    Meaning{"agent", read_agent_event},
    Meaning{"chat", read_chat_event},
    Meaning{"session.message", read_session_progress},
    Meaning{"session.tool", read_session_progress},
    Meaning{"agent.config", read_agent_config},
    Meaning{"shutdown", read_shutdown},
    Meaning{"exec.approval.requested", read_approval_requested},
    Meaning{"exec.approval.resolved", read_approval_resolved},
    Meaning{"plugin.approval.requested", read_approval_requested},
    Meaning{"plugin.approval.resolved", read_approval_resolved},
    Meaning{"question.requested", read_question_requested},
    Meaning{"question.resolved", read_question_resolved},
};

constexpr TimeMs kEchoWithin = 2000;  // 17 ms were recorded

/// The agents as a health event names them, in a form that is equal where they are.
std::optional<std::string> agents_of_health(const Members& payload) {
  const auto agents = payload.array("agents");
  if (!agents) return std::nullopt;
  std::string all;
  for (const auto element : *agents) {
    const auto agent = Members::of(element, payload.skipped());
    if (!agent) continue;
    all += agent->identity_or_empty("agentId") + '\n';
    all += value_of(agent->text("name")).value_or("") + '\n';
    all += agent->is_true("isDefault") ? "default\n" : "\n";
  }
  return all;
}

}  // namespace

class Interpreter::Impl {
 public:
  explicit Impl(Peer peer) : peer_(std::move(peer)) {}

  Interpretation event(const EventFrame& frame, TimeMs at) {
    Interpretation out;
    const EventContext context{peer_.gateway, peer_.dialect, at, out};
    if (frame.name == "config.changed") out.refetch_agents = true;
    // The list tells more than the event.
    if (frame.name == "cron") out.refetch_cron = true;
    const auto payload = Members::of(frame.payload, out.skipped);
    if (payload) {
      read(context, frame, *payload);
    } else if (!frame.payload.is_null()) {
      skip(out.skipped, "type");
    }
    if (out.observations.empty()) context.observe(fleet::SignOfLife{});
    for (auto& seen : out.observations) {
      if (auto* change = std::get_if<fleet::SessionChanged>(&seen.what)) end_cut_off(change->row);
      if (std::holds_alternative<fleet::SessionDeleted>(seen.what)) expect_echo(at);
    }
    if (out.refetch_sessions && payload && is_echo(*payload, at)) out.refetch_sessions = false;
    return out;
  }

  /// A crash leaves `running` behind. A run that is older than the gateway's process is none.
  void end_cut_off(fleet::SessionPatch& row) const {
    if (!peer_.started_at || row.has_active_run) return;
    const auto started = value_of(row.started_at);
    if (value_of(row.status) == "running" && started && *started < *peer_.started_at) {
      row.has_active_run = false;
    }
  }

 private:
  /// Reading all sessions again for the echo of a delete would cost a large fleet seconds.
  void expect_echo(TimeMs at) {
    if (!peer_.dialect.repeats_deletes) return;
    ++echoes_;
    echoes_until_ = at + kEchoWithin;
  }

  [[nodiscard]] bool is_echo(const Members& payload, TimeMs at) {
    if (at > echoes_until_) echoes_ = 0;
    if (echoes_ == 0 || value_of(payload.text("reason")) != "delete") return false;
    --echoes_;
    return true;
  }

  void read(const EventContext& context, const EventFrame& frame, const Members& payload) {
    if (frame.name == "presence") return presence(context, frame, payload);
    if (frame.name == "health") return health(context, frame, payload);
    for (const auto& meaning : kMeanings) {
      if (meaning.event == frame.name) return meaning.read(context, payload);
    }
  }

  void presence(const EventContext& context, const EventFrame& frame, const Members& payload) {
    const auto entries = payload.array("presence");
    if (!entries) {
      context.out.refetch_presence = true;
      return;
    }
    context.observe(fleet::PresenceChanged{read_presence(*entries, payload.skipped())});
    if (frame.presence_version) peer_.presence_version = frame.presence_version;
  }

  /// Protocol 3 sends no presence event when a client comes; its health events let it be seen.
  void health(const EventContext& context, const EventFrame& frame, const Members& payload) {
    if (frame.presence_version) {
      context.out.refetch_presence =
          peer_.presence_version && *frame.presence_version > *peer_.presence_version;
      peer_.presence_version = frame.presence_version;
    }
    if (!peer_.dialect.agents_change_silently) return;
    auto agents = agents_of_health(payload);
    if (!agents) return;
    context.out.refetch_agents = health_agents_ && *agents != *health_agents_;
    health_agents_ = std::move(agents);
  }

  Peer peer_;
  std::optional<std::string> health_agents_;
  std::size_t echoes_ = 0;
  TimeMs echoes_until_ = 0;
};

Interpreter::Interpreter(Peer peer) : impl_(std::make_unique<Impl>(std::move(peer))) {}
Interpreter::~Interpreter() = default;
Interpreter::Interpreter(Interpreter&&) noexcept = default;

Interpretation Interpreter::event(const EventFrame& frame, TimeMs at) {
  return impl_->event(frame, at);
}

Result<fleet::AgentList> Interpreter::agents_list(simdjson::dom::element payload,
                                                  std::vector<std::string_view>& skipped) {
  return read_agents_list(payload, skipped);
}

Result<Interpreter::SessionsPage> Interpreter::sessions_list(
    simdjson::dom::element payload, std::vector<std::string_view>& skipped) {
  auto page = read_sessions_list(payload, skipped);
  if (page) {
    for (auto& row : page->list.sessions) impl_->end_cut_off(row);
  }
  return page;
}

Result<fleet::SessionList> Interpreter::session_described(simdjson::dom::element payload,
                                                          std::vector<std::string_view>& skipped) {
  auto list = read_described(payload, skipped);
  if (list) {
    for (auto& row : list->sessions) impl_->end_cut_off(row);
  }
  return list;
}

Result<fleet::PresenceList> Interpreter::presence(simdjson::dom::element array,
                                                  std::vector<std::string_view>& skipped) {
  return read_presence_answer(array, skipped);
}

}  // namespace cc::gateway::protocol
