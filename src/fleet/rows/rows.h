#pragma once
// The rows of the fleet, as docs/protocol/stream.md ("The row shapes") defines them. Plain values:
// no clock, no I/O, no behaviour but comparison. Text fields are cleaned (base/text.h) before they
// get here; identities have passed `is_identity`. An optional that is empty is `null` outside.
//
// The members stand in the table of fields of each kind (rows/*.def; rows/field.h says how to read
// one), in the order of the API.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/cursor.h"
#include "fleet/rows/values.h"
#include "fleet/rows/words.h"

namespace cc::fleet {

// The types of fields. Those of text are the row's own: a session's may stand elsewhere.
using Name = std::string;  // never null
using Text = std::optional<std::string>;
using Words = std::vector<std::string>;
using Flag = bool;
using Number = std::int64_t;
using Count = std::optional<std::int64_t>;
using Money = std::optional<double>;  // US dollars
using Time = std::optional<TimeMs>;

/// What a field holds before anything is known of it.
template <class T>
[[nodiscard]] constexpr T initially() {
  return T{};
}
template <>
[[nodiscard]] constexpr AgentStatus initially<AgentStatus>() {
  return AgentStatus::kIdle;
}

/// One gateway: identified by `name`.
struct Gateway {
#define OURS(type, member, ...) type member = initially<type>();
#include "fleet/rows/gateway.def"

  [[nodiscard]] const std::string& identity() const { return name; }
};

/// One agent: identified by gateway and id. What is shown as `status` is `shown_status` below.
struct Agent {
#define OURS(type, member, ...) type member = initially<type>();
#include "fleet/rows/agent.def"

  [[nodiscard]] const std::string& identity() const { return id; }
};

/// The kind of the rows of sessions. There are many, so they are held packed (packed_session.h) and
/// seen as SessionView.
struct Session {};

/// The fields of a session: identified by gateway and key. `String` looks at text that stands
/// elsewhere (SessionView), in the row that is held or in what was heard, or owns it (SessionRow),
/// for who makes a row of nothing.
template <class String>
struct SessionFields {
  using Name = String;
  using Text = std::optional<String>;

#define OURS(type, member, ...) type member = initially<type>();
#include "fleet/rows/session.def"

  [[nodiscard]] const String& identity() const { return key; }

  /// This row with its texts as `Other`.
  template <class Other>
  [[nodiscard]] SessionFields<Other> with_texts_as() const;

  /// Valid as long as this row is not changed.
  operator SessionFields<std::string_view>() const  // NOLINT(google-explicit-constructor)
    requires(!std::is_same_v<String, std::string_view>)
  {
    return with_texts_as<std::string_view>();
  }
};
using SessionRow = SessionFields<std::string>;
using SessionView = SessionFields<std::string_view>;

template <class String>
template <class Other>
SessionFields<Other> SessionFields<String>::with_texts_as() const {
  SessionFields<Other> row;
#define OURS(type, member, ...) row.member = decltype(row.member)(member);
#include "fleet/rows/session.def"
  return row;
}

/// One client or node of a gateway: identified by gateway and id.
struct Presence {
#define OURS(type, member, ...) type member = initially<type>();
#include "fleet/rows/presence.def"

  [[nodiscard]] const std::string& identity() const { return id; }
};

/// What a person told a gateway, and what came of it: identified by gateway and id.
struct Command {
#define OURS(type, member, ...) type member = initially<type>();
#include "fleet/rows/command.def"
  /// JSON: `params` with all that was said. In memory alone, until the command has ended; null
  /// where `params` is all of it, or after a restart. Makes no difference between rows.
  std::shared_ptr<const std::string> letter;

  [[nodiscard]] const std::string& identity() const { return id; }
};

/// What an agent asks of a person: identified by gateway and id.
struct Approval {
#define OURS(type, member, ...) type member = initially<type>();
#include "fleet/rows/approval.def"

  [[nodiscard]] const std::string& identity() const { return id; }
};

/// A job that a gateway runs by the clock: identified by gateway and id.
struct CronJob {
#define OURS(type, member, ...) type member = initially<type>();
#include "fleet/rows/cron.def"

  [[nodiscard]] const std::string& identity() const { return id; }
};

/// What a row of a kind is looked at through, by the kind's tag. (Where a kind has one form of row
/// only, that is its tag.)
template <class Row>
struct FieldsBy {
  using Type = Row;
};
template <>
struct FieldsBy<Session> {
  using Type = SessionView;
};
template <class Row>
using Fields = typename FieldsBy<Row>::Type;

// For each kind of row:
//   differs           in anything that makes a journal entry (not: version, "still there" times)
//   liveness_differs   in a "still there" time
//   gateway_of        whose it is
#define KIND(tag, ...)                                                             \
  [[nodiscard]] bool differs(const Fields<tag>& a, const Fields<tag>& b);          \
  [[nodiscard]] bool liveness_differs(const Fields<tag>& a, const Fields<tag>& b); \
  [[nodiscard]] std::string_view gateway_of(const Fields<tag>& row);
#include "fleet/rows/kinds.def"

/// Why a session wants somebody's attention, by the rule for its agent's status and in its words:
/// an active run waits or is stalled, or the latest has failed, unless the session is put away.
/// Sorted, these words begin with the most severe.
[[nodiscard]] std::optional<AgentStatus> attention_for(std::optional<std::string_view> held_up,
                                                       std::int64_t active_runs,
                                                       std::optional<std::string_view> status,
                                                       bool archived);
/// The same, of a row in whichever form it is.
[[nodiscard]] std::optional<AgentStatus> attention_of(const auto& row) {
  if constexpr (requires { row.held_up(); }) {
    return attention_for(row.held_up(), row.active_runs(), row.status(), row.archived());
  } else {
    return attention_for(row.held_up, row.active_runs, row.status, row.archived);
  }
}

/// The unknown rule (docs/protocol/stream.md, "Agent status"): `unknown` while the gateway does not
/// speak to us, else what it reported.
[[nodiscard]] constexpr AgentStatus shown_status(AgentStatus reported, bool gateway_speaks) {
  return gateway_speaks ? reported : AgentStatus::kUnknown;
}

}  // namespace cc::fleet
