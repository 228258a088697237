#pragma once
// The timeouts of a link. Tests use shorter ones.

#include <string>

#include "base/clock.h"

namespace cc::gateway {

struct Timing {
  // one connection
  Millis connect{10'000};    // name, TCP, TLS and upgrade, each
  Millis challenge{15'000};  // open to connect.challenge, and connect to hello-ok
  Millis call{30'000};
  Millis slow_call{180'000};  // sessions.list of protocol 3, which stands still while it answers
  Millis closing{1'000};      // for the closing handshake, and for the close after a refusal
  Millis watchdog{0};         // nothing heard for this long: dead. 0: twice the gateway's tick

  // between connections
  Millis backoff_first{1'000};
  Millis backoff_most{30'000};
  Millis proved_after{10'000};   // ready for this long resets the backoff, and doubts a refusal
  Millis token_recheck{5'000};   // an unreadable token, and while blocked: a changed one
  Millis least_blocked{10'000};  // a verdict of "blocked" is never retried faster

  // reading again
  Millis agents_debounce{250};
  Millis sessions_debounce{250};
  Millis sessions_spacing{2'000};
  Millis sessions_spacing_most{10'000};
  Millis figures_after{1'000};        // a session is read this long after a run of it ended
  Millis checks_apart{500};           // readings of single sessions
  Millis review_after_quiet{30'000};  // all is read when nothing was told for this long
  Millis review_apart{600'000};       // all is read at least this often
  Millis agents_poll{30'000};         // what no event tells: agents.list of protocol 3
  Millis slow_poll{60'000};           // the same: sessions of gateways that have no subscription
  Millis refetch_retry{10'000};       // after one that failed
  Millis pages_apart{1'000};          // pages of one list are handed on together for this long

  // the fall-back
  Millis http{10'000};
  Millis endpoint_recheck{5'000};  // in stock mode: is /api/agents there now? Doubled up to
  Millis endpoint_recheck_most{60'000};
  Millis refused_recheck{30'000};  // a token that was refused is shown again so often
};

/// For sentences: "10 s", "200 ms".
[[nodiscard]] inline std::string seconds_of(Millis time) {
  return time.count() >= 1000 ? std::to_string(time.count() / 1000) + " s"
                              : std::to_string(time.count()) + " ms";
}

}  // namespace cc::gateway
