#pragma once
// Observations: what `gateway` hands to `ingest`. An observation is a claim by one gateway, by
// time, or by the configuration; `merge` decides what it changes. Its text is cleaned and its
// identities are checked.
//
// `Field<T>` has three states: not said (empty), said to be null (holds an empty optional), or a
// value.

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "fleet/rows/rows.h"
#include "fleet/rows/words.h"
#include "fleet/state/identity_hash.h"
#include "fleet/text_arena.h"

namespace cc::fleet {

template <class T>
using Field = std::optional<std::optional<T>>;

/// What a patch says of a field of type `T`.
template <class T>
struct Telling {
  using Type = Field<T>;
};
template <class T>
struct Telling<std::optional<T>> : Telling<T> {};
template <class T>
using Said = typename Telling<T>::Type;

// Patches have a member for each field of the row that the gateway tells (TOLD in rows/*.def).

struct AgentPatch {
  std::string id;
#define TOLD(type, member, ...) Said<type> member;
#include "fleet/rows/agent.def"
  /// REST only: the endpoint's word, already mapped to ours.
  std::optional<AgentStatus> status;
};

/// Its texts stand in the TextArena of the list or event that it is in.
struct SessionPatch {
  using Text = std::optional<std::string_view>;

  std::string_view key;
  /// The whole row was sent: a field that is not said is null. Otherwise it is unchanged.
  bool complete = false;
#define TOLD(type, member, ...) Said<type> member;
#include "fleet/rows/session.def"
  Field<std::string_view> last_run_error;
  /// Protocol 4: whether the session is busy, and with which runs (null: unknown; not said:
  /// unchanged).
  std::optional<bool> has_active_run;
  Field<std::vector<std::string>> active_run_ids;
  /// False: the gateway says that the figures of the latest run are not there yet.
  bool figures_are_fresh = true;
};

/// Always the whole row; without `last_seen_at` that of the row stays.
struct PresencePatch {
  std::string id;
#define TOLD(type, member, ...) type member = initially<type>();
#include "fleet/rows/presence.def"
};

/// The whole row, but for what became of it.
struct ApprovalPatch {
  std::string id;
#define TOLD(type, member, ...) type member = initially<type>();
#include "fleet/rows/approval.def"
};

/// Always the whole row.
struct CronPatch {
  std::string id;
#define TOLD(type, member, ...) type member = initially<type>();
#include "fleet/rows/cron.def"
};

// ---- what can be observed

/// The connection to the gateway, as its link sees it. Replaces all these fields of the gateway's
/// row, but `protocol` and `server_version` only where they are known.
struct ConnectionReport {
#define TOLD(type, member, ...) type member = initially<type>();
#include "fleet/rows/gateway.def"
  bool reconnected = false;  // adds one to `reconnects`
};

/// Events were lost between the gateway and us; adds one to `gaps`.
struct GapReport {
  std::string detail;
};

struct AgentList {
  std::vector<AgentPatch> agents;
  std::optional<std::string> default_id;
};

struct SessionList {
  std::vector<SessionPatch> sessions;
  /// Rows of this part that are unchanged since the last complete list: complete and idle.
  std::vector<IdentityPrint> unchanged = {};
  /// There as well: in earlier parts of the list, unchanged, or by the events that came while it
  /// was read. Each once, and none of `sessions`.
  std::vector<IdentityPrint> others = {};
  /// The list names every session of the gateway. A row of the fleet that it does not name has
  /// left.
  bool complete = false;
  TextArena texts = TextArena();
};

struct PresenceList {
  std::vector<PresencePatch> entries;
};

/// All that waits for a person, of these kinds.
struct ApprovalList {
  std::vector<ApprovalKind> kinds;
  std::vector<ApprovalPatch> pending;
};

struct CronList {
  std::vector<CronPatch> jobs;
};

/// What a sync has read so far of a list too long for one answer: told page by page, with events
/// between them, before the FleetSync that ends it. Cause: that of the FleetSync.
struct FleetPart {
  bool initial = true;
  std::optional<AgentList> agents;  // with the first part
  SessionList sessions;             // never complete
};

/// A whole sync over the WebSocket, or the end of one that was told in parts. With `connection` the
/// gateway's row turns with it, in one change set. Cause: initial-sync where it is the first since
/// this process started, else resync.
struct FleetSync {
  bool initial = true;
  std::optional<AgentList> agents;  // empty: a part told them
  SessionList sessions;
  std::optional<PresenceList> presence;
  std::optional<ApprovalList> approvals = {};  // empty: they may not be read
  std::optional<CronList> cron = {};
  std::optional<ConnectionReport> connection;
  /// When the gateway's process started, by our clock. What it had in memory before is lost.
  std::optional<TimeMs> gateway_started_at;
};

/// `agents.list` read again, or the agents of a v3 health event. A complete list. Cause:
/// agent.config.
struct AgentsListed {
  AgentList agents;
};

/// `sessions.list` read again because the gateway said that something changed. Cause:
/// sessions.changed.
struct SessionsListed {
  SessionList sessions;
};

/// One session, read again because what was known of it might be wrong. Nothing was heard of it
/// between the question and the answer, so it is the truth. Cause: sessions.changed.
struct SessionChecked {
  std::string key;
  std::optional<SessionPatch> row;  // empty: the gateway has no such session
  /// The gateway said the same several times: also a row that contradicts itself counts.
  bool is_firm = false;
  TextArena texts = TextArena();
};

/// One `sessions.changed`. `phase` and `reason` are the gateway's words, empty where not said.
struct SessionChanged {
  SessionPatch row;
  std::string_view phase;
  std::string_view reason;
  std::string_view run_id;
  /// Status, start and end in `row` are those of before the run.
  bool run_state_is_stale = false;
  /// It was held back while a list was read, which may be newer.
  bool may_precede_list = false;
  TextArena texts = TextArena();
};

/// A delete; where it gives a session id, only that generation is meant.
struct SessionDeleted {
  std::string key;
  std::optional<std::string> session_id;
};

struct PresenceChanged {
  PresenceList presence;
};

/// `agent.config` with fields in it.
struct AgentConfigured {
  AgentPatch agent;
};

/// Something happened in a run. kProgress is anything that is not one of the others.
struct RunEvent {
  enum class Kind { kStart, kEnd, kError, kProgress, kWaiting, kApproved };
  Kind kind = Kind::kProgress;
  std::optional<std::string> agent_id;
  std::string session_key;  // may be empty: then the run id alone says which
  std::string run_id;
  std::optional<TimeMs> started_at;
  std::optional<TimeMs> ended_at;
  bool aborted = false;  // kEnd, kError: by a person's wish
  /// kError: no retry will follow. A gateway may tell early, and again when it is sure.
  bool final = true;
  std::string error;        // kError
  std::string approval_id;  // kWaiting, kApproved
  /// kWaiting: the run ends while its approval waits; else the approval ends with the run.
  bool outlived_by_approval = false;
  std::optional<TimeMs> asked_at;  // kWaiting, by the gateway's clock
};

/// An agent asks a person for something. Cause: approval.
struct ApprovalAsked {
  ApprovalPatch approval;
};

/// It is over. Cause: approval.
struct ApprovalResolved {
  std::string id;
  ApprovalStatus status = ApprovalStatus::kDenied;
  std::string decision;  // empty: nobody decided
  std::string by;        // the gateway's name for who did; empty: not told
};

/// All jobs were read again. Cause: cron.
struct CronListed {
  CronList list;
};

/// A person told something. Whoever hands it in checked it against the table of kinds. Where the
/// fleet objects (rules/command_objection.h), or knows the id, it makes no row. Cause: command, and
/// so on for the three below.
struct CommandGiven {
  Command row;
  std::optional<Seq> expected = {};  // the version of the target's row that the author saw
};

/// Its author, or another, takes it back. Nothing happens where it was sent already.
struct CommandWithdrawn {
  std::string id;
  std::string by;
};

/// It is this one's turn: from now on it may have reached the gateway. Nothing happens where it is
/// not accepted any more; who asks must look.
struct CommandDue {
  std::string id;
};

/// What became of one that was due.
struct CommandAnswered {
  std::string id;
  /// kDone, kRefused, kUnknown; kAccepted: it never left, and waits again.
  CommandStatus status = CommandStatus::kUnknown;
  std::string detail;  // a sentence, may be empty
  MaybeObject result = {};
  bool overtaken = false;  // kRefused: what it was about is over already
};

/// A complete REST answer. `agents` that REST itself brought and that are not in it have left.
/// `sessions` come only from a gateway without `/api/agents` (tools/invoke). Cause: poll.
struct Polled {
  std::vector<AgentPatch> agents;
  SessionList sessions;  // never complete
  bool complete = true;
  std::optional<ConnectionReport> connection;
};

/// The gateway showed a sign of life that says nothing else (tick, health).
struct SignOfLife {};

/// Time passed; makes runs stalled and approvals expire. For every gateway: `Observation::gateway`
/// is empty.
struct TimePassed {};

/// More is kept of the gateway than may be (state/usage.h): the sessions that are missed least
/// leave. Cause: sessions.changed.
struct TooMuchKept {};

/// The configuration names this gateway: its row exists from now on, in state `connecting`.
struct GatewayConfigured {
  std::optional<std::string> url = {};  // as it may be shown; empty: no address is configured
  Access access = Access::kRead;
};

/// The configuration does not name this gateway any more: it leaves with all its rows.
struct GatewayForgotten {};

struct Observation {
  std::string gateway;
  Source source = Source::kWs;
  TimeMs at = 0;  // when it was heard
  std::variant<SignOfLife, ConnectionReport, GapReport, FleetPart, FleetSync, AgentsListed,
               SessionsListed, SessionChecked, SessionChanged, SessionDeleted, PresenceChanged,
               AgentConfigured, RunEvent, ApprovalAsked, ApprovalResolved, CronListed, CommandGiven,
               CommandWithdrawn, CommandDue, CommandAnswered, Polled, TimePassed, TooMuchKept,
               GatewayConfigured, GatewayForgotten>
      what;
};

}  // namespace cc::fleet
