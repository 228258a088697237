#include "gateway_sim/story/director.h"

namespace cc::sim {
namespace {

void set_model(std::string& provider, std::string& model, const std::string& wanted) {
  const std::size_t slash = wanted.find('/');
  if (slash != std::string::npos) provider = wanted.substr(0, slash);
  model = slash == std::string::npos ? wanted : wanted.substr(slash + 1);
}

void apply(Agent& agent, const AgentPatch& patch) {
  if (patch.name) agent.name = *patch.name;
  if (patch.emoji) agent.emoji = *patch.emoji;
  if (patch.workspace) agent.workspace = *patch.workspace;
  if (patch.model) set_model(agent.provider, agent.model, *patch.model);
}

}  // namespace

Story Director::start_run(Session& session, std::string run_id, std::string_view message,
                          bool accepted, TimeMs now) {
  const Session before = session;
  Run& run = world_.start_run(session, std::move(run_id), now);
  const Scene scene{before, session, run, now};
  Story story;
  if (accepted) story = narrator_.message_accepted(scene, message);
  append(story, narrator_.run_started(scene, message));
  return story;
}

Story Director::advance_run(Run& run, TimeMs now) {
  const std::string_view piece = world_.advance_run(run, now);
  const Session* session = world_.sessions().find(run.session_key);
  if (session == nullptr) return {};
  return narrator_.run_advanced(Scene{*session, *session, run, now}, piece);
}

Story Director::finish_run(Run& run, Outcome outcome, TimeMs now) {
  Session* session = world_.sessions().find(run.session_key);
  const Run ended = run;
  if (session == nullptr) {
    world_.runs().remove(ended.id);
    return {};
  }
  const Session before = *session;
  world_.finish_run(run, outcome, now);
  const Scene scene{before, *session, ended, now};
  switch (outcome) {
    case Outcome::kDone: return narrator_.run_done(scene);
    case Outcome::kKilled: return narrator_.run_aborted(scene);
    case Outcome::kFailed:
      if (narrator_.error_grace().count() > 0)
        session->failing_until = now + narrator_.error_grace().count();
      [[fallthrough]];
    case Outcome::kTimeout: return narrator_.run_failed(scene);
  }
  return {};
}

Story Director::ask_approval(Run& run, TimeMs now) {
  Session* session = world_.sessions().find(run.session_key);
  if (session == nullptr) return {};
  const Approval asked = world_.ask_approval(run, now);
  const Session before = *session;
  const Run asking = run;
  if (narrator_.protocol() == Protocol::kV3) {
    run.approval_id.clear();  // so that it outlives its run
    world_.finish_run(run, Outcome::kDone, now);
  }
  return narrator_.approval_asked(Scene{before, *session, asking, now}, asked);
}

Story Director::resolve_approval(const std::string& id, std::string_view decision,
                                 std::string_view by, TimeMs now) {
  const Approval* held = world_.approvals().find(id);
  if (held == nullptr) return {};
  const Approval approval = *held;
  world_.approvals().remove(id);
  Session* session = world_.sessions().find(approval.session_key);
  if (session == nullptr) return {};
  Run* run = world_.runs().find(approval.run_id);
  if (run != nullptr) run->approval_id.clear();
  Run gone;
  gone.id = approval.run_id;
  gone.session_key = approval.session_key;
  gone.agent_id = approval.agent_id;
  Story story = narrator_.approval_resolved(
      Scene{*session, *session, run != nullptr ? *run : gone, now}, approval, decision, by);
  if (narrator_.protocol() == Protocol::kV3 && !by.empty() && session->active_run.empty()) {
    append(story, start_run(*session, "exec-approval-followup:" + id, "The approval was decided.",
                            false, now));
  }
  return story;
}

Story Director::create_session(const std::string& agent_id, const std::string& key,
                               const std::string& label, TimeMs now) {
  return narrator_.session_changed(world_.create_session(agent_id, key, label, now), "create",
                                   false, now);
}

Story Director::patch_session(Session& session, const SessionPatch& patch, TimeMs now) {
  if (patch.label) session.label = *patch.label;
  if (patch.archived) session.archived = *patch.archived;
  if (patch.model) {
    set_model(session.provider, session.model, *patch.model);
    session.model_overridden = true;
  }
  session.updated_at = now;
  return narrator_.session_changed(session, "patch", patch.model.has_value(), now);
}

Story Director::reset_session(Session& session, TimeMs now) {
  Story story;
  if (Run* run = world_.runs().find(session.active_run))
    story = finish_run(*run, Outcome::kKilled, now);
  world_.reset_session(session, narrator_.protocol(), now);
  append(story, narrator_.session_changed(session, "reset", false, now));
  return story;
}

Story Director::remove_session(const std::string& key, TimeMs now) {
  const Session* held = world_.sessions().find(key);
  if (held == nullptr) return {};
  const Session gone = *held;
  world_.remove_session(key);
  return narrator_.session_deleted(gone, now);
}

Story Director::tell_agents_changed(TimeMs now) {
  return narrator_.agents_changed("hmac-sha256:v1:" + world_.rng().hex(43), now);
}

Story Director::create_agent(const std::string& name, const AgentPatch& patch, TimeMs now) {
  apply(world_.create_agent(name, now), patch);
  return tell_agents_changed(now);
}

Story Director::update_agent(Agent& agent, const AgentPatch& patch, TimeMs now) {
  apply(agent, patch);
  return tell_agents_changed(now);
}

Story Director::remove_agent(const std::string& id, TimeMs now) {
  return world_.remove_agent(id) ? tell_agents_changed(now) : Story{};
}

}  // namespace cc::sim
