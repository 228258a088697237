#include "gateway_sim/gateway.h"

#include <algorithm>

#include "gateway_sim/json.h"
#include "gateway_sim/story/overview.h"

namespace cc::sim {
namespace {

constexpr std::uint64_t kMostStepsPerTurn = 4000;
constexpr std::uint64_t kStepsBetweenLooks = 16;
constexpr Millis kTurn{1};
constexpr int kPiecesOfAPlay = 6;

DoorPolicy door_policy(const Options& options) {
  return {options.protocol, options.token, options.password, options.pairing};
}

/// Which clients the presence list shows: protocol 3 all but the command line, protocol 4 those of
/// people and nodes.
bool is_shown(const Client& client, Protocol protocol) {
  if (protocol == Protocol::kV3) return client.mode != "cli";
  return client.mode == "ui" || client.mode == "webchat" || client.mode == "test" ||
         client.mode == "node";
}

PresenceEntry entry_of(const Client& client, TimeMs now) {
  PresenceEntry entry;
  entry.id = client.connection_id;
  entry.client_id = client.client_id;
  entry.host = client.display_name.empty() ? client.client_id : client.display_name;
  entry.version = client.version;
  entry.platform = client.platform;
  entry.device_family = client.device_family;
  entry.mode = client.mode;
  entry.device_id = client.device_id;
  entry.instance_id = client.instance_id;
  entry.roles = {client.role};
  entry.scopes = client.scopes;
  entry.since = entry.at = now;
  return entry;
}

Millis turn_length(double rate) {
  if (rate <= 0) return Millis{100};
  return Millis{std::clamp<std::int64_t>(static_cast<std::int64_t>(500 / rate), 2, 100)};
}

}  // namespace

Gateway::Gateway(const Options& options, const Clock& clock, Scheduler& scheduler)
    : options_(options),
      clock_(clock),
      scheduler_(scheduler),
      world_(options.world, clock.wall()),
      narrator_(make_narrator(options.protocol, {options.slim_rows, options.error_grace})),
      director_(world_, *narrator_),
      emitter_(world_, director_, options.world.seed, options.world.scenario),
      secrets_(options.world.seed ^ static_cast<std::uint64_t>(clock.wall())),
      door_(door_policy(options), secrets_, [this](const Event& event) { publish(event); }),
      luck_(options.world.seed),
      rest_mode_(options.rest) {
  facts_.protocol = options.protocol;
  facts_.auth_mode = door_.auth_mode();
  facts_.tick = options.tick;
  facts_.max_buffered_bytes = options.max_buffered_bytes;
  if (options.protocol == Protocol::kV3) end_asking_runs();
  boot_anew();
}

void Gateway::boot_anew() {
  facts_.boot_id = secrets_.uuid();
  facts_.started_at = now();
  facts_.presence_version = facts_.health_version = 1;
}

void Gateway::start() {
  pace_.set_rate(options_.rate(), clock_.steady());
  scheduler_.after(options_.tick, [this] { tick(); });
  scheduler_.after(options_.health, [this] { tell_health(); });
  emit();
}

void Gateway::tick() {
  Event event =
      make_event("tick", Audience::kAll, [&](JsonWriter& json) { json.field("ts", now()); });
  event.droppable = true;
  publish(event);
  expire_approvals();
  scheduler_.after(options_.tick, [this] { tick(); });
}

void Gateway::expire_approvals() {
  std::vector<std::string> over;
  for (const auto& approval : world_.approvals()) {
    if (approval->expires_at <= now()) over.push_back(approval->id);
  }
  for (const std::string& id : over) resolve_approval(id, "deny", {});
}

void Gateway::end_asking_runs() {
  for (const auto& approval : world_.approvals()) {
    Run* run = world_.runs().find(approval->run_id);
    if (run == nullptr) continue;
    run->approval_id.clear();
    world_.finish_run(*run, Outcome::kDone, approval->created_at);
  }
}

bool Gateway::resolve_approval(const std::string& id, std::string_view decision,
                               std::string_view by) {
  const Approval* approval = world_.approvals().find(id);
  if (approval == nullptr) return false;
  const std::string key = approval->session_key;
  decided_[id] = {std::string(decision), now()};
  publish(director_.resolve_approval(id, decision, by, now()));
  const Session* session = world_.sessions().find(key);
  if (session != nullptr && !session->active_run.empty()) play_on(session->active_run, {});
  return true;
}

std::string Gateway::recent_decision(const std::string& id) const {
  constexpr TimeMs kRemembered = 15'000;
  const auto found = decided_.find(id);
  if (found == decided_.end() || now() > found->second.second + kRemembered) return {};
  return found->second.first;
}

std::string Gateway::recorded_decision(const std::string& id) const {
  const auto found = decided_.find(id);
  return found == decided_.end() ? std::string() : found->second.first;
}

bool Gateway::hear(const std::string& session, Said said) {
  constexpr std::size_t kMostKept = 200;
  if (!said.key.empty() && !keys_.insert(said.key).second) return false;
  auto& all = said_[session];
  if (all.size() == kMostKept) all.erase(all.begin());
  all.push_back(std::move(said));
  return true;
}

std::vector<Said> Gateway::heard_in(const std::string& session) const {
  const auto found = said_.find(session);
  return found == said_.end() ? std::vector<Said>() : found->second;
}

void Gateway::decide_otherwise(const std::string& id, std::string_view decision) {
  resolve_approval(id, decision == "deny" ? "allow-once" : "deny", "another-operator");
}

void Gateway::expire_all_approvals() {
  std::vector<std::string> ids;
  for (const auto& approval : world_.approvals()) ids.push_back(approval->id);
  for (const std::string& id : ids) resolve_approval(id, "deny", {});
}

bool Gateway::remove_device(const std::string& id) {
  if (!door_.remove_device(id)) return false;
  for (Peer* peer : peers()) {
    if (peer->client().device_id == id) peer->close(4001, "device removed");
  }
  return true;
}

void Gateway::tell_health() {
  ++facts_.health_version;
  publish(health_event(world_, protocol(), now()));
  scheduler_.after(options_.health, [this] { tell_health(); });
}

void Gateway::emit() {
  const SteadyTime begin = clock_.steady();
  const std::uint64_t due = pace_.due(begin);
  std::uint64_t made = 0;
  // A fleet at a standstill makes no events, so the steps are bounded as well.
  for (std::uint64_t steps = 1; made < due && steps < kMostStepsPerTurn; ++steps) {
    Story story = emitter_.step(now());
    made += story.size();
    publish(std::move(story));
    if (steps % kStepsBetweenLooks == 0 && clock_.steady() - begin > kTurn) break;
  }
  pace_.made(made);
  stats_.events_made += made;
  stats_.behind = pace_.due(clock_.steady());
  stats_.behind_max = std::max(stats_.behind_max, stats_.behind);
  // Whoever is behind still leaves as much time to the sockets as it takes.
  scheduler_.after(stats_.behind > 0 ? kTurn : turn_length(pace_.rate()), [this] { emit(); });
}

void Gateway::set_rate(double events_per_second) {
  pace_.set_rate(events_per_second, clock_.steady());
  stats_.behind = stats_.behind_max = 0;
}

void Gateway::join(Peer& peer) {
  peers_.insert(&peer);
  show_presence(peer.client(), "connect");
  if (protocol() != Protocol::kV3) return;
  Peer* const newcomer = &peer;
  scheduler_.after(Millis{30}, [this, newcomer] {
    if (!is_here(newcomer)) return;
    ++facts_.health_version;
    newcomer->deliver(health_event(world_, protocol(), now()));
  });
}

void Gateway::leave(Peer& peer) {
  if (peers_.erase(&peer) > 0) show_presence(peer.client(), "disconnect");
}

void Gateway::show_presence(const Client& client, std::string_view reason) {
  if (!is_shown(client, protocol())) return;
  ++facts_.presence_version;
  PresenceEntry entry = entry_of(client, now());
  entry.reason = reason;
  world_.clients().add(std::move(entry));
  constexpr std::size_t kMostRemembered = 30;
  if (world_.clients().size() > kMostRemembered)
    world_.clients().remove(std::string(world_.clients().at(0).id));
  // Protocol 3 says nothing when somebody comes.
  if (protocol() == Protocol::kV4 || reason == "disconnect")
    publish(presence_event(world_, protocol()));
}

bool Gateway::still_holds(const Event& event) const {
  if (event.run_id.empty()) return true;
  const Session* session = world_.sessions().find(event.session_key);
  return session != nullptr && session->active_run.empty() && session->last_run == event.run_id;
}

void Gateway::publish(const Event& event) {
  const bool matters = event.name != "tick" && event.name != "health" && event.name != "shutdown";
  using Fate = LossyEvents::Fate;
  switch (faults_.events.fate(matters ? static_cast<unsigned>(luck_.below(100)) : 100)) {
    case Fate::kDropped: return;
    case Fate::kReordered:
      if (!overtaken_) {
        overtaken_ = event;
        return;
      }
      break;
    case Fate::kDelayed: {
      const auto most = static_cast<std::size_t>(faults_.events.longest.count());
      return send_after(Millis{static_cast<std::int64_t>(luck_.below(most + 1))}, event);
    }
    case Fate::kDoubled: send(event); break;
    case Fate::kSent: break;
  }
  send(event);
  if (auto late = std::exchange(overtaken_, std::nullopt)) send(*late);
}

void Gateway::send_after(Millis delay, Event event) {
  scheduler_.after(delay, [this, late = std::move(event)] { send(late); });
}

void Gateway::send(const Event& event) {
  if (faults_.hanging || faults_.mute) return;
  if (event.name == "presence") ++facts_.presence_version;
  for (Peer* peer : peers()) {
    if (peer->client().hears(event.audience, protocol())) peer->deliver(event);
  }
}

void Gateway::publish(Story story) {
  for (Event& event : story) {
    if (event.delay.count() == 0) {
      publish(event);
      continue;
    }
    const Millis delay = event.delay;
    scheduler_.after(delay, [this, later = std::move(event)] {
      if (still_holds(later)) publish(later);
    });
  }
}

std::string Gateway::play(Session& session, std::string run_id, std::string_view message,
                          bool accepted, const PlayOptions& play) {
  Story story = director_.start_run(session, std::move(run_id), message, accepted, now());
  const std::string id = session.active_run;
  world_.runs().find(id)->by_hand = true;
  publish(std::move(story));
  if (!play.stuck) play_on(id, play);
  return id;
}

void Gateway::play_on(const std::string& run_id, const PlayOptions& play) {
  scheduler_.after(play.duration / kPiecesOfAPlay, [this, run_id, play] {
    Run* run = world_.runs().find(run_id);
    if (run == nullptr) return;
    run->by_hand = true;
    if (play.waits_for_approval && run->pieces >= kPiecesOfAPlay / 2) {
      publish(director_.ask_approval(*run, now()));
      return;
    }
    if (run->pieces >= kPiecesOfAPlay - 1) {
      publish(director_.finish_run(*run, play.outcome, now()));
      return;
    }
    publish(director_.advance_run(*run, now()));
    play_on(run_id, play);
  });
}

/// Protocol 4 lets its runs end first, protocol 3 cuts them off without a word.
void Gateway::stop(const std::string& restart_expected_ms) {
  while (!world_.runs().empty()) {
    Run& run = world_.runs().at(0);
    if (protocol() == Protocol::kV4) {
      publish(director_.finish_run(run, Outcome::kDone, now()));
    } else {
      world_.finish_run(run, Outcome::kKilled, now());
    }
  }
  publish(narrator_->stopping(restart_expected_ms));
  for (Peer* peer : peers()) peer->close(1012, "service restart");
}

std::string Gateway::stats_json() const {
  return object_with([this](JsonWriter& json) {
    write_state(json);
    write_stats(json, stats_);
  });
}

void Gateway::write_state(JsonWriter& json) const {
  const auto size = [&](std::string_view name, std::size_t number) {
    json.field(name, static_cast<std::uint64_t>(number));
  };
  std::uint64_t seq = 0;
  for (const Peer* peer : peers_) seq = std::max(seq, peer->last_seq());
  json.field("protocol", static_cast<int>(facts_.protocol)).field("bootId", facts_.boot_id);
  json.field("seed", options_.world.seed).field("rate", pace_.rate());
  json.field("uptimeMs", clock_.wall() - facts_.started_at).field("seq", seq);
  size("connections", peers_.size());
  size("agents", world_.agents().size());
  size("sessions", world_.sessions().size());
  size("runs", world_.runs().size());
  size("approvals", world_.approvals().size());
  size("pendingDevices", door_.pending().size());
}

}  // namespace cc::sim
