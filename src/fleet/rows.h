#pragma once
// The rows of the fleet, as the contract shows them. Plain values: no clock, no I/O, no behaviour
// but comparison. Text fields are cleaned (base/text.h) before they get here; identities have
// passed `is_identity`. An optional that is empty is `null` outside.
//
// Each row says in `differs` what makes a journal entry: a time that only says "still there" does
// not.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/cursor.h"
#include "fleet/words.h"

namespace cc::fleet {

using Text = std::optional<std::string>;
using Time = std::optional<TimeMs>;
using Count = std::optional<std::int64_t>;

/// One gateway: identified by `name`, which is [a-z0-9._-]{1,64}.
struct Gateway {
  std::string name;
  GatewayState state = GatewayState::kConnecting;
  std::optional<Source> source;  // who feeds us now; never kSystem
  Text detail;                   // a sentence for people, empty when all is well
  Text action;                   // the exact command or step that would help
  std::optional<int> protocol;
  Text server_version;
  Time connected_at;
  Time last_event_at;  // "still there"
  std::int64_t reconnects = 0;
  std::int64_t gaps = 0;
  Seq version = 0;

  [[nodiscard]] const std::string& identity() const { return name; }
};

/// One agent: identified by gateway and id. What is shown as `status` is `shown_status` below.
struct Agent {
  std::string gateway;
  std::string id;
  std::string name;  // the id where the gateway gives none
  Text emoji;
  bool is_default = false;
  Text model;
  Text runtime;
  Text workspace;
  AgentStatus reported_status = AgentStatus::kIdle;
  Text status_reason;
  TimeMs status_since = 0;
  std::int64_t active_runs = 0;
  std::int64_t sessions = 0;
  Time last_active_at;          // "still there"
  Time last_progress_at;        // "still there"
  Source source = Source::kWs;  // who brought the row; a REST answer removes only what REST brought
  Seq version = 0;

  [[nodiscard]] const std::string& identity() const { return id; }
};

/// One session: identified by gateway and key. Figures are the gateway's, for the latest run.
/// `String` looks at text that stands elsewhere (SessionView), in the row that is held or in what
/// was heard, or owns it (Session), for who makes a row of nothing.
template <class String>
struct SessionFields {
  using Text = std::optional<String>;

  String gateway;
  String key;
  Text agent_id;
  Text session_id;  // the generation: changes on reset (protocol 3) and when a key is made anew
  Text parent_key;
  Text title;
  Text kind;
  Text channel;
  Text status;  // the gateway's word; empty: never ran
  std::int64_t active_runs = 0;
  Text model;
  Text provider;
  Count input_tokens;
  Count output_tokens;
  Count total_tokens;
  Count context_tokens;
  std::optional<double> cost_usd;
  Time started_at;
  Time updated_at;
  Time ended_at;
  bool archived = false;
  Seq version = 0;

  [[nodiscard]] const String& identity() const { return key; }

  /// The same row with its texts as `Other` holds them.
  template <class Other>
  [[nodiscard]] SessionFields<Other> with_texts_as() const;

  /// Good for as long as this row stands unchanged.
  operator SessionFields<std::string_view>() const  // NOLINT(google-explicit-constructor)
    requires(!std::is_same_v<String, std::string_view>)
  {
    return with_texts_as<std::string_view>();
  }
};
using Session = SessionFields<std::string>;
using SessionView = SessionFields<std::string_view>;

template <class String>
template <class Other>
SessionFields<Other> SessionFields<String>::with_texts_as() const {
  const auto as = [](const Text& text) {
    return text ? std::optional<Other>(std::in_place, *text) : std::nullopt;
  };
  return {.gateway = Other(gateway),
          .key = Other(key),
          .agent_id = as(agent_id),
          .session_id = as(session_id),
          .parent_key = as(parent_key),
          .title = as(title),
          .kind = as(kind),
          .channel = as(channel),
          .status = as(status),
          .active_runs = active_runs,
          .model = as(model),
          .provider = as(provider),
          .input_tokens = input_tokens,
          .output_tokens = output_tokens,
          .total_tokens = total_tokens,
          .context_tokens = context_tokens,
          .cost_usd = cost_usd,
          .started_at = started_at,
          .updated_at = updated_at,
          .ended_at = ended_at,
          .archived = archived,
          .version = version};
}

/// One client or node of a gateway: identified by gateway and id.
struct Presence {
  std::string gateway;
  std::string id;
  Text host;
  Text mode;
  Text platform;
  Text client_version;
  std::vector<std::string> roles;
  bool online = false;
  Time last_seen_at;  // "still there"
  Seq version = 0;

  [[nodiscard]] const std::string& identity() const { return id; }
};

/// True where the two differ in anything that makes a journal entry (not: version, "still there"
/// times).
[[nodiscard]] bool differs(const Gateway& a, const Gateway& b);
[[nodiscard]] bool differs(const Agent& a, const Agent& b);
[[nodiscard]] bool differs(const SessionView& a, const SessionView& b);
[[nodiscard]] bool differs(const Presence& a, const Presence& b);

/// True where a "still there" time of `after` is another than in `before`.
[[nodiscard]] bool touched(const Gateway& before, const Gateway& after);
[[nodiscard]] bool touched(const Agent& before, const Agent& after);
[[nodiscard]] bool touched(const SessionView& before, const SessionView& after);
[[nodiscard]] bool touched(const Presence& before, const Presence& after);

/// The rule of the contract: what the gateway reported, unless it is not speaking to us.
[[nodiscard]] constexpr AgentStatus shown_status(AgentStatus reported, bool gateway_speaks) {
  return gateway_speaks ? reported : AgentStatus::kUnknown;
}

}  // namespace cc::fleet
