#pragma once
// Follows a fleet over one connection after its hello: the initial sync, the events, and what has
// to be read again.

#include <atomic>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include "fleet/sink.h"
#include "gateway/connection/backoff.h"
#include "gateway/fallback/source_reporter.h"
#include "gateway/reading/fleet_reader.h"
#include "gateway/reading/known_rows.h"
#include "gateway/reading/outbox.h"
#include "gateway/reading/refetch_plan.h"
#include "gateway/reading/sequence_check.h"

namespace cc::gateway {

/// What outlives a connection.
struct LinkHistory {
  std::atomic<bool> synced = false;  // whether a sync was ever committed in this process
  KnownRows known;                   // on the link's thread
};

/// On the link's thread. What is handed in must outlive it.
class FleetFollower : public std::enable_shared_from_this<FleetFollower> {
 public:
  struct Parts {
    boost::asio::any_io_executor executor;
    fleet::ObservationSink& sink;
    const Clock& clock;
    telemetry::Log& log;
    telemetry::Metrics& metrics;
    SourceReporter& reporter;
    Calls& calls;
    const Timing& timing;
    std::shared_ptr<LinkHistory> history;
  };
  struct Start {
    protocol::Peer peer;
    GatewayAbilities abilities;
    LiveFacts facts;
    std::uint64_t seed = 0;
  };
  FleetFollower(Parts parts, Start start);

  /// The presence that came with the hello; read at once, since it is valid as long as its frame.
  void hello_presence(simdjson::dom::element presence);

  /// Syncs, then keeps reading what is wanted, until `stop`, or until a failure that the connection
  /// should not outlive.
  boost::asio::awaitable<std::optional<CallFailure>> run();
  void stop();

  /// Events that come while a page of a list is on its way are kept and follow it, since the page
  /// may be older than they are; of very many, the latest of each session.
  void event(const protocol::EventFrame& frame);
  /// A frame that is to be parsed, without what need not be read of it. Valid until the next call.
  [[nodiscard]] protocol::FrameText without_known_rows(protocol::FrameText frame) {
    return reader_.without_known_rows(frame);
  }
  void want_everything(const std::string& why);

  /// When the initial sync was committed.
  [[nodiscard]] std::optional<SteadyTime> ready_since() const { return ready_since_; }
  /// From a `shutdown` event.
  [[nodiscard]] std::optional<Millis> restart_expected() const { return restart_expected_; }

 private:
  template <class T>
  using Awaitable = boost::asio::awaitable<T>;
  using Failed = std::optional<CallFailure>;
  Awaitable<Failed> sync_first();
  Awaitable<Failed> perform(Refetch refetch);
  Awaitable<Failed> read_everything();
  Awaitable<Failed> read_agents();
  Awaitable<Failed> read_presence();
  Awaitable<Failed> read_sessions();
  void read_sessions_again_unless(bool complete);
  Awaitable<Failed> read_figures(std::vector<std::string> agents);

  /// Waits for its fate; false where it was not committed.
  Awaitable<bool> commit(fleet::FleetSync sync);
  FleetReader::HandOn<fleet::FleetPart> hand_on_parts();
  /// Until something is wanted, at most.
  Awaitable<void> rest(Millis time);
  /// All of it, unless stopped.
  Awaitable<void> sit_out(Millis time);

  void check_sequence(std::optional<std::int64_t> seq);
  void apply_wishes(const protocol::Interpretation& meaning);
  void refused(const std::vector<std::string_view>& why);
  void pass(fleet::Observation observation);
  void want_what_was_lost();
  template <class What>
  [[nodiscard]] fleet::Observation observed(What what) const;
  template <class What>
  void submit(What what);
  [[nodiscard]] SteadyTime now() const { return parts_.clock.steady(); }

  Parts parts_;
  Start start_;
  protocol::Interpreter interpreter_;
  FleetReader reader_;
  RefetchPlan plan_;
  SequenceCheck sequence_;
  Backoff storage_backoff_;
  std::optional<fleet::PresenceList> hello_presence_;

  boost::asio::steady_timer wake_;
  Outbox outbox_;
  std::set<std::string, std::less<>> logged_;
  std::optional<SteadyTime> ready_since_;
  std::optional<Millis> restart_expected_;
  int partial_readings_ = 0;  // in a row
  bool stopped_ = false;
};

}  // namespace cc::gateway
