#pragma once
// The simulated gateway: the fleet, who listens to it, the clocks that drive it and the faults that
// plague it. It knows peers, not sockets. One thread.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/clock.h"
#include "gateway_sim/door/client.h"
#include "gateway_sim/door/doorkeeper.h"
#include "gateway_sim/faults.h"
#include "gateway_sim/options.h"
#include "gateway_sim/pace.h"
#include "gateway_sim/stats.h"
#include "gateway_sim/story/director.h"
#include "gateway_sim/story/emitter.h"

namespace cc::sim {

/// One connection that was let in, as the gateway sees it.
class Peer {
 public:
  virtual ~Peer() = default;
  [[nodiscard]] virtual Client& client() = 0;
  /// Queues the event with the connection's next number.
  virtual void deliver(const Event& event) = 0;
  /// Queues a frame as it is.
  virtual void send_text(std::string text) = 0;
  /// Closes after what is queued.
  virtual void close(std::uint16_t code, std::string reason) = 0;
  /// Cuts the TCP connection.
  virtual void drop() = 0;
  /// Reads no more and answers nothing, not even pings, while the fault lasts.
  virtual void hang() = 0;
  /// Numbers are left out.
  virtual void skip(std::uint64_t numbers) = 0;
  [[nodiscard]] virtual std::uint64_t last_seq() const = 0;
};

/// A message that somebody sent.
struct Said {
  std::string key;  // the idempotency key
  std::string text;
  TimeMs at = 0;
};

/// Runs things later, on the gateway's thread.
class Scheduler {
 public:
  virtual ~Scheduler() = default;
  virtual void after(Millis delay, std::function<void()> task) = 0;
};

/// How a run that somebody asked for goes on.
struct PlayOptions {
  Millis duration{3'000};
  Outcome outcome = Outcome::kDone;
  bool waits_for_approval = false;  // half-way, until it is resolved
  bool stuck = false;               // never says a word
};

class Gateway {
 public:
  /// All three outlive the gateway.
  Gateway(const Options& options, const Clock& clock, Scheduler& scheduler);

  /// Ticks, health and the emitter begin.
  void start();

  void join(Peer& peer);
  void leave(Peer& peer);
  void publish(const Event& event);
  void publish(Story story);

  /// Begins a run in an idle session and moves it on by itself. The id is the run's.
  std::string play(Session& session, std::string run_id, std::string_view message, bool accepted,
                   const PlayOptions& play);
  /// The rest of a run that exists.
  void play_on(const std::string& run_id, const PlayOptions& play);

  /// `call` is called each time that a client asks to change something, before it is done.
  void when_told(std::function<void()> call) { when_told_ = std::move(call); }
  void told() const { when_told_(); }

  /// Keeps a message; false where its key is known already. Forgotten when the process ends.
  bool hear(const std::string& session, Said said);
  /// The latest messages of a session, oldest first.
  [[nodiscard]] std::vector<Said> heard_in(const std::string& session) const;

  /// False if there is no such approval. An empty `by`: its time was up.
  bool resolve_approval(const std::string& id, std::string_view decision, std::string_view by);

  /// What was decided in the last seconds; empty: nothing that is remembered.
  [[nodiscard]] std::string recent_decision(const std::string& id) const;
  /// What was ever decided, since this process began.
  [[nodiscard]] std::string recorded_decision(const std::string& id) const;
  /// Another operator decides it, and not so.
  void decide_otherwise(const std::string& id, std::string_view decision);
  void expire_all_approvals();

  /// Its connections are closed. False if there is no such device.
  bool remove_device(const std::string& id);

  void set_rate(double events_per_second);
  /// The end of a process and the beginning of the next: everybody is told and closed, runs are cut
  /// short.
  void stop(const std::string& restart_expected_ms);
  void boot_anew();
  [[nodiscard]] std::string stats_json() const;

  [[nodiscard]] const Options& options() const { return options_; }
  [[nodiscard]] TimeMs now() const { return clock_.wall(); }
  [[nodiscard]] World& world() { return world_; }
  [[nodiscard]] Director& director() { return director_; }
  [[nodiscard]] Doorkeeper& door() { return door_; }
  [[nodiscard]] Faults& faults() { return faults_; }
  [[nodiscard]] Stats& stats() { return stats_; }
  [[nodiscard]] Scheduler& scheduler() { return scheduler_; }
  [[nodiscard]] const ServerFacts& facts() const { return facts_; }
  [[nodiscard]] RestMode rest_mode() const { return rest_mode_; }
  void set_rest_mode(RestMode mode) { rest_mode_ = mode; }
  [[nodiscard]] Protocol protocol() const { return options_.protocol; }
  /// A copy, since peers leave while one walks over them.
  [[nodiscard]] std::vector<Peer*> peers() const { return {peers_.begin(), peers_.end()}; }
  [[nodiscard]] bool is_here(Peer* peer) const { return peers_.contains(peer); }

 private:
  void emit();
  void tick();
  void expire_approvals();
  /// On protocol 3 a run does not wait for an approval, it ends.
  void end_asking_runs();
  void tell_health();
  void show_presence(const Client& client, std::string_view reason);
  [[nodiscard]] bool still_holds(const Event& event) const;
  void send(const Event& event);
  void send_after(Millis delay, Event event);
  void write_state(JsonWriter& json) const;

  const Options options_;
  const Clock& clock_;
  Scheduler& scheduler_;
  World world_;
  const std::unique_ptr<Narrator> narrator_;
  Director director_;
  Emitter emitter_;
  Rng secrets_;  // apart from the fleet's, so that who connects does not change the fleet's story
  Doorkeeper door_;
  Pace pace_;
  Faults faults_;
  Rng luck_;                        // of events
  std::optional<Event> overtaken_;  // goes out after the next one
  Stats stats_;
  ServerFacts facts_;
  RestMode rest_mode_;
  std::map<std::string, std::pair<std::string, TimeMs>> decided_;  // by id: what, when
  std::unordered_set<std::string> keys_;                           // of messages
  std::map<std::string, std::vector<Said>> said_;                  // by session
  std::function<void()> when_told_ = [] {};
  std::unordered_set<Peer*> peers_;
};

}  // namespace cc::sim
