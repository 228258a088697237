#include "gateway_sim/world/world.h"

#include <algorithm>

#include "gateway_sim/world/names.h"

namespace cc::sim {
namespace {

constexpr TimeMs kApprovalLifeMs = 30 * 60 * 1000;

std::string id_of(const std::string& name) {
  std::string id;
  for (const char c : name) {
    const bool upper = c >= 'A' && c <= 'Z';
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    id += upper ? static_cast<char>(c - 'A' + 'a') : plain ? c : '-';
  }
  return id.empty() ? "agent" : id;
}

RunStatus status_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::kDone: return RunStatus::kDone;
    case Outcome::kFailed: return RunStatus::kFailed;
    case Outcome::kKilled: return RunStatus::kKilled;
    case Outcome::kTimeout: return RunStatus::kTimeout;
  }
  return RunStatus::kDone;
}

void mark_running(Session& session, const Run& run) {
  session.status = RunStatus::kRunning;
  session.active_run = run.id;
  session.started_at = session.updated_at = session.last_interaction_at = run.started_at;
  session.ended_at = session.failing_until = 0;
  session.aborted = false;
  session.last_error.clear();
}

}  // namespace

std::string_view word(RunStatus status) {
  switch (status) {
    case RunStatus::kNever: return "";
    case RunStatus::kRunning: return "running";
    case RunStatus::kDone: return "done";
    case RunStatus::kFailed: return "failed";
    case RunStatus::kKilled: return "killed";
    case RunStatus::kTimeout: return "timeout";
    case RunStatus::kQueued: return "queued";
  }
  return "";
}

const Agent& World::default_agent() const {
  for (const auto& agent : agents_) {
    if (agent->is_default) return *agent;
  }
  return agents_.at(0);
}

std::string World::agent_in(const std::string& key) const {
  if (!key.starts_with("agent:")) return default_agent().id;
  return key.substr(6, key.find(':', 6) - 6);
}

std::vector<std::size_t> World::session_counts() const {
  std::unordered_map<std::string_view, std::size_t> counts;
  for (const auto& session : sessions_) ++counts[session->agent_id];
  std::vector<std::size_t> out;
  out.reserve(agents_.size());
  for (const auto& agent : agents_) out.push_back(counts[agent->id]);
  return out;
}

std::string World::title() {
  return hostile_ ? hostile_title(rng_) : session_title(rng_);
}

Agent& World::create_agent(const std::string& name, TimeMs now) {
  const ModelName& model = model_name(rng_);
  Agent agent;
  agent.id = id_of(name);
  agent.name = name;
  agent.provider = model.provider;
  agent.model = model.model;
  agent.workspace = "/home/user/.openclaw/workspace-" + agent.id;
  agent.made_by_operator = true;
  agent.created_at = now;
  return agents_.add(std::move(agent));
}

std::string World::invent_key(const std::string& agent_id) {
  const std::string prefix = "agent:" + agent_id + ':';
  switch (rng_.below(5)) {
    case 0: return prefix + "telegram:direct:" + std::to_string(100000 + ++keys_made_);
    case 1: return prefix + "cron:" + rng_.uuid();
    case 2: return prefix + "subagent:" + rng_.uuid();
    default: return prefix + "chat-" + std::to_string(++keys_made_);
  }
}

Session& World::create_session(const std::string& agent_id, std::string key, std::string title_text,
                               TimeMs now) {
  if (key.empty()) key = invent_key(agent_id);
  if (Session* held = sessions_.find(key)) return *held;
  Session session = new_session(agent_id, std::move(title_text), now);
  session.key = std::move(key);
  if (session.key.find(":telegram:") != std::string::npos) session.channel = "telegram";
  if (Session* main = sessions_.find("agent:" + agent_id + ":main")) {
    session.parent_key = main->key;
    main->children.push_back(session.key);
  }
  return sessions_.add(std::move(session));
}

Session World::new_session(const std::string& agent_id, std::string title_text, TimeMs now) {
  const Agent* agent = agents_.find(agent_id);
  const Agent& model_of = agent != nullptr ? *agent : default_agent();
  Session session;
  session.agent_id = agent_id;
  session.session_id = rng_.uuid();
  session.label = title_text.empty() ? title() : std::move(title_text);
  session.first_message = session.label;
  session.provider = model_of.provider;
  session.model = model_of.model;
  session.created_at = session.updated_at = now;
  return session;
}

bool World::remove_session(const std::string& key) {
  const Session* session = sessions_.find(key);
  if (session == nullptr) return false;
  if (Session* parent = sessions_.find(session->parent_key)) std::erase(parent->children, key);
  if (const Run* run = runs_.find(session->active_run)) {
    approvals_.remove(run->approval_id);
    runs_.remove(session->active_run);
  }
  return sessions_.remove(key);
}

void World::reset_session(Session& session, Protocol protocol, TimeMs now) {
  if (protocol == Protocol::kV3) session.session_id = rng_.uuid();
  session.status = RunStatus::kNever;
  session.usage = Usage{};
  session.aborted = false;
  session.started_at = session.ended_at = 0;
  session.last_run.clear();
  session.last_error.clear();
  session.last_message.clear();
  session.updated_at = now;
}

Run& World::start_run(Session& session, std::string run_id, TimeMs now) {
  Run run;
  run.id = run_id.empty() ? "k-" + rng_.hex(8) : std::move(run_id);
  run.session_key = session.key;
  run.agent_id = session.agent_id;
  run.started_at = now;
  run.seq = 5;
  run.item_id = rng_.uuid() + ":1";
  mark_running(session, run);
  return runs_.add(std::move(run));
}

std::string_view World::advance_run(Run& run, TimeMs now) {
  const std::string_view piece = answer_piece(static_cast<std::size_t>(run.pieces));
  ++run.pieces;
  ++run.seq;
  run.text += piece;
  if (Session* session = sessions_.find(run.session_key)) session->updated_at = now;
  return piece;
}

Usage World::spend(const Session& session) {
  const ModelName& price = model_called(session.model);
  Usage usage;
  usage.input = static_cast<std::int64_t>(800 + rng_.below(24000));
  usage.output = static_cast<std::int64_t>(40 + rng_.below(2200));
  usage.context = usage.input;
  usage.cost_usd = (static_cast<double>(usage.input) * price.usd_per_million_in +
                    static_cast<double>(usage.output) * price.usd_per_million_out) /
                   1e6;
  return usage;
}

std::string World::error_after(Outcome outcome) {
  if (outcome == Outcome::kFailed) return error_text(rng_);
  return outcome == Outcome::kTimeout ? "The run timed out." : "";
}

void World::finish_run(Run& run, Outcome outcome, TimeMs now) {
  if (Session* session = sessions_.find(run.session_key)) {
    session->status = status_of(outcome);
    session->active_run.clear();
    session->last_run = run.id;
    session->ended_at = session->updated_at = now;
    session->aborted = outcome == Outcome::kKilled;
    session->usage = spend(*session);
    if (!run.text.empty()) session->last_message = run.text;
    session->last_error = error_after(outcome);
  }
  approvals_.remove(run.approval_id);
  runs_.remove(std::string(run.id));
}

Approval& World::ask_approval(Run& run, TimeMs now) {
  Approval approval;
  approval.id = rng_.uuid();
  approval.session_key = run.session_key;
  approval.agent_id = run.agent_id;
  approval.run_id = run.id;
  approval.tool_call_id = "call_" + rng_.hex(12);
  approval.command = shell_command(rng_);
  approval.created_at = now;
  approval.expires_at = now + kApprovalLifeMs;
  run.approval_id = approval.id;
  return approvals_.add(std::move(approval));
}

}  // namespace cc::sim
