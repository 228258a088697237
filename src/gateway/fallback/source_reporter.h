#pragma once
// Reports the arbiter's decisions to the log and the sink. Nothing else does, so two reports of one
// gateway never contradict each other.

#include <functional>
#include <string>

#include "fleet/sink.h"
#include "gateway/fallback/source_arbiter.h"
#include "telemetry/log.h"
#include "telemetry/metrics.h"

namespace cc::gateway {

/// Lives on the link's thread. Everything handed in must outlive it.
class SourceReporter {
 public:
  struct Parts {
    fleet::ObservationSink& sink;
    const Clock& clock;
    telemetry::Log& log;
    telemetry::Metrics& metrics;
  };
  /// `turn` is called when `may_poll` or `falls_back_at` may answer otherwise than before.
  SourceReporter(Parts parts, std::string gateway, SourceArbiter arbiter,
                 std::function<void()> turn);

  void start();
  /// Reports the current state again, because a report may have been dropped.
  void repeat();

  void has_too_many(bool too_many);

  // -- for the WebSocket client

  /// The report that goes into the sync that is about to be submitted.
  [[nodiscard]] fleet::ConnectionReport committing(LiveFacts facts);
  void ready();
  void not_committed();
  void lost(Trouble why);
  void blocked(Trouble why);
  /// A try to connect begins.
  void trying();
  /// When the next one begins; where no WebSocket is configured, the next poll.
  void trying_again_in(Millis delay);
  [[nodiscard]] fleet::ConnectionReport report() const { return arbiter_.report(); }

  // -- for the poller

  [[nodiscard]] bool may_poll();
  [[nodiscard]] std::optional<SteadyTime> falls_back_at() const { return arbiter_.falls_back_at(); }
  [[nodiscard]] SourceArbiter::Generation generation() const { return arbiter_.generation(); }
  /// Submits the answer with the state that follows from it. An answer that comes too late is
  /// dropped.
  void polled(SourceArbiter::Generation asked, fleet::Polled answer,
              std::optional<std::string> note);
  void poll_failed(SourceArbiter::Generation asked, Trouble why);
  void poll_refused(SourceArbiter::Generation asked, Trouble why);

 private:
  void ended(const Trouble& why);
  void publish();

  Parts parts_;
  std::string gateway_;
  SourceArbiter arbiter_;
  std::function<void()> turn_;
  std::string last_logged_;
  std::optional<fleet::ConnectionReport> told_;
};

}  // namespace cc::gateway
