#pragma once
// Follows a fleet over one connection after its hello: the initial sync, events, and resyncs.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include "gateway/connection/backoff.h"
#include "gateway/link_context.h"
#include "gateway/reading/event_intake.h"
#include "gateway/reading/fleet_reader.h"
#include "gateway/reading/outbox.h"
#include "gateway/reading/refetch_plan.h"

namespace cc::gateway {

/// On the link's thread. What is handed in must outlive it.
class FleetFollower : public std::enable_shared_from_this<FleetFollower> {
 public:
  struct Options {
    protocol::Peer peer;
    GatewayAbilities abilities;
    LiveFacts facts;
    std::uint64_t seed = 0;
    std::function<void()> ready = [] {};  // the initial sync was committed
  };
  FleetFollower(const LinkContext& link, Calls& calls, Options options);

  /// The presence that came with the hello. Read immediately, because it is valid only as long as
  /// its frame.
  void hello_presence(simdjson::dom::element presence);

  /// Syncs, then reads what is wanted, until `stop` or until a failure that must end the
  /// connection.
  boost::asio::awaitable<std::optional<CallFailure>> run();
  void stop();

  /// Events that come while a page of a list is on its way are kept and follow it, since the page
  /// may be older than they are. If very many come, only the latest of each session is kept.
  void event(const protocol::EventFrame& frame) { events_.event(frame); }
  void request_resync(const std::string& why) { events_.request_resync(why); }
  /// What is known of this session may be wrong.
  void request_check(const std::string& session);

  /// When the initial sync was committed.
  [[nodiscard]] std::optional<SteadyTime> ready_since() const { return ready_since_; }
  /// From a `shutdown` event.
  [[nodiscard]] std::optional<Millis> restart_expected() const {
    return events_.restart_expected();
  }

 private:
  template <class T>
  using Awaitable = boost::asio::awaitable<T>;
  using Failed = std::optional<CallFailure>;
  Awaitable<Failed> sync_first();
  /// False where it was not committed.
  Awaitable<bool> commit_first(fleet::FleetSync sync);
  Awaitable<Failed> perform(Refetch refetch);
  Awaitable<Failed> resync();
  Awaitable<Failed> read_agents();
  Awaitable<Failed> read_presence();
  Awaitable<Failed> read_cron();
  Awaitable<Failed> read_sessions();
  void read_sessions_again_unless(bool complete);
  Awaitable<Failed> check(std::vector<std::string> sessions);
  Awaitable<Failed> check_alone(const std::string& session);
  Awaitable<Failed> check_in_list(const std::vector<std::string>& sessions);
  /// Whether there was something to do; `failed` says how it went.
  Awaitable<bool> work(Failed& failed);
  [[nodiscard]] std::optional<SteadyTime> next_due() const;
  /// Whether the checks that are due take a list of sessions, which keeps its distance from others.
  [[nodiscard]] bool checks_need_list() const;

  /// Waits until it is committed; false if it was not.
  Awaitable<bool> commit(fleet::FleetSync sync);
  FleetReader::HandOn<fleet::FleetPart> hand_on_parts();
  /// Waits, but not longer than until something is wanted.
  Awaitable<void> rest(Millis time);
  /// Waits the whole time, unless stopped.
  Awaitable<void> sit_out(Millis time);

  void want_what_was_lost();
  template <class What>
  [[nodiscard]] fleet::Observation observed(What what) const;
  template <class What>
  void submit(What what);
  [[nodiscard]] SteadyTime now() const { return link_.clock.steady(); }

  const LinkContext& link_;
  Options options_;
  protocol::Interpreter interpreter_;
  FleetReader reader_;
  RefetchPlan plan_;
  Backoff storage_backoff_;
  std::optional<fleet::PresenceList> hello_presence_;

  boost::asio::steady_timer wake_;
  Outbox outbox_;
  SessionChecks checks_;
  ReviewPlan review_;
  EventIntake events_;
  std::optional<SteadyTime> ready_since_;
  SteadyTime sync_began_{};
  int partial_readings_ = 0;  // in a row
  bool stopped_ = false;
};

}  // namespace cc::gateway
