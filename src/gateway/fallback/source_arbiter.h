#pragma once
// Decides which source speaks for a gateway now, the WebSocket or the REST poller, and what its row
// says. A pure state machine: time is a parameter. One thread.
//
//   start ──ready──▶ WebSocket speaks ──lost──▶ wait for `ws_ready_timeout` anew
//     └──`ws_ready_timeout` passed──▶ REST polls (the WebSocket goes on trying) ──ready──▶
//     WebSocket speaks

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "fleet/observation.h"
#include "gateway/protocol/setting_names.h"

namespace cc::gateway {

/// Why something does not work: a sentence for people, and the step that would help.
struct Trouble {
  std::string detail;
  std::optional<std::string> action;
};

/// What is known of a connection that works.
struct LiveFacts {
  int protocol = 0;
  std::string server_version;
  TimeMs connected_at = 0;
  std::optional<Trouble> warning;            // it works, but not as it should
  std::optional<TimeMs> gateway_started_at;  // by our clock
  std::vector<std::string> can = {};         // kinds of command that it would take
};

class SourceArbiter {
 public:
  struct Configured {
    bool ws = false;
    bool rest = false;
  };
  /// Changes whenever the right to speak changes. An answer to a question from an earlier
  /// generation is ignored.
  using Generation = std::uint64_t;

  SourceArbiter(Configured configured, Millis ws_ready_timeout, SteadyTime now,
                protocol::SettingNames settings = {});

  // -- the WebSocket says

  /// The initial sync was read and submitted, with `report()` in it. The poller stays silent until
  /// it is acknowledged.
  void ws_committing(LiveFacts facts);
  /// The sync was committed. Only now is the WebSocket ready.
  void ws_ready();
  /// The sync was not committed: back to the state before.
  void ws_not_committed();
  /// The connection ended, or could not be made.
  void ws_lost(Trouble why, SteadyTime now);
  /// The gateway refuses us until a person acts.
  void ws_blocked(Trouble why, SteadyTime now);

  /// A try to connect begins.
  void ws_tries();
  /// The next one begins then. For a gateway without a WebSocket: the next poll.
  void waits_until(TimeMs at) { next_attempt_at_ = at; }

  // -- the poller asks and says

  /// True once, when the wait is over and polling begins.
  [[nodiscard]] bool fall_back_now(SteadyTime now);
  [[nodiscard]] bool may_poll() const;
  /// When `fall_back_now` will be true if nothing happens; empty where time alone changes nothing.
  [[nodiscard]] std::optional<SteadyTime> falls_back_at() const;
  [[nodiscard]] Generation generation() const { return generation_; }

  /// Each is false and changes nothing if `asked` is not the current generation.
  bool poll_succeeded(Generation asked, std::optional<std::string> note);
  bool poll_failed(Generation asked, Trouble why);
  /// 401 or 403: a person must act.
  bool poll_refused(Generation asked, Trouble why);

  /// Not all that the gateway has is kept.
  void has_too_many(bool too_many) { too_many_ = too_many; }

  // -- everybody may know

  [[nodiscard]] bool ws_speaks() const { return ws_ == Ws::kReady; }
  [[nodiscard]] bool ws_commits() const { return ws_ == Ws::kCommitting; }
  [[nodiscard]] fleet::ConnectionReport report() const;

 private:
  enum class Ws { kOff, kTrying, kLost, kBlocked, kCommitting, kReady };
  enum class Rest { kSilent, kAnswers, kFails, kRefuses };

  void leave(Ws to, Trouble why, SteadyTime now);
  bool hear(Generation asked, Rest rest, Trouble why);
  [[nodiscard]] bool ws_holds() const { return ws_ == Ws::kReady || ws_ == Ws::kCommitting; }
  [[nodiscard]] fleet::ConnectionReport live_report() const;
  [[nodiscard]] fleet::ConnectionReport fall_back_report() const;

  const Configured configured_;
  const protocol::SettingNames settings_;
  const Millis ws_ready_timeout_;
  Ws ws_;
  Ws before_commit_;
  Rest rest_ = Rest::kSilent;
  Trouble ws_trouble_;
  Trouble rest_trouble_;
  LiveFacts facts_;  // of the latest connection; outlives it, so that the version stays known
  std::int64_t attempts_ = 0;  // since it was last live
  std::optional<TimeMs> next_attempt_at_;
  bool polling_;
  bool too_many_ = false;
  SteadyTime wait_until_;
  Generation generation_ = 1;
};

}  // namespace cc::gateway
