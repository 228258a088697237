#pragma once
// Requests agents, sessions and presence over a connection, and parses the answers.

#include <expected>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "fleet/observation.h"
#include "gateway/connection/calls.h"
#include "gateway/link_context.h"
#include "gateway/protocol/handshake.h"
#include "gateway/protocol/interpret.h"
#include "gateway/reading/known_rows.h"
#include "gateway/reading/sessions_listing.h"

namespace cc::gateway {

/// What a gateway supports, according to its hello.
struct GatewayAbilities {
  protocol::Dialect dialect = protocol::kDialectV4;
  bool subscribes = true;        // sessions.subscribe
  bool lists_agents = true;      // agents.list
  bool lists_presence = true;    // system-presence
  bool describes = false;        // sessions.describe
  bool lists_approvals = false;  // exec.approval.list and plugin.approval.list; and we may
  bool lists_questions = false;  // question.list; and we may
  bool lists_cron = false;       // cron.list
  [[nodiscard]] static GatewayAbilities of(const protocol::Hello& hello,
                                           command::Access access = command::Access::kRead);
};

/// One per connection, on its thread; one reading at a time. What is handed in must outlive it.
class FleetReader {
 public:
  template <class T>
  using Reply = boost::asio::awaitable<std::expected<T, CallFailure>>;
  /// Receives each page as it is read. The next page is requested when this returns.
  template <class Part>
  using HandOn = std::function<boost::asio::awaitable<void>(Part part)>;

  FleetReader(const LinkContext& link, Calls& calls, protocol::Interpreter& interpreter,
              GatewayAbilities abilities);

  [[nodiscard]] const GatewayAbilities& abilities() const { return abilities_; }

  /// Call it before anything is read, so that no event is missed in between.
  Reply<void> subscribe();
  Reply<fleet::AgentList> agents();
  /// All sessions, page by page; answers the last one, which names all others as well. Complete
  /// where `heard` was told of every event that came meanwhile and nothing else moved.
  Reply<fleet::SessionList> sessions(HandOn<fleet::SessionList> hand_on);
  /// Takes note of an event, for the listing in progress and for the known rows. Most events change
  /// neither.
  void heard(const fleet::Observation& observation);
  /// The sessions of one agent that were active last, or of all agents if `agent` is empty. Never
  /// complete.
  struct Latest {
    fleet::SessionList list;
    bool is_all = false;  // there are no others
  };
  Reply<Latest> latest_sessions(std::string agent);
  /// One session alone; `row` is empty where the gateway has no such.
  Reply<fleet::SessionChecked> session(std::string key);
  Reply<fleet::PresenceList> presence();
  /// All jobs.
  Reply<fleet::CronList> cron();
  /// What waits for a person, of those kinds that could be read; empty where none could.
  boost::asio::awaitable<std::optional<fleet::ApprovalList>> approvals();
  /// All of it. Agents of a gateway that cannot list them are those that its sessions name.
  /// `presence` need not be asked for where it is given. Whoever hands it on tells `KnownRows` how
  /// it ended.
  Reply<fleet::FleetSync> everything(std::optional<fleet::PresenceList> presence,
                                     HandOn<fleet::FleetPart> hand_on);

  /// Parts of what the gateway sent were left out, for these reasons: counts them, and logs each
  /// reason once.
  void skipped(const std::vector<std::string_view>& why);

 private:
  /// The end of a list of sessions, and the agents that no part has told.
  struct AgentsAndSessions {
    std::optional<fleet::AgentList> agents;
    fleet::SessionList sessions;
  };
  Reply<AgentsAndSessions> agents_then_sessions(HandOn<fleet::FleetPart> hand_on);
  Reply<AgentsAndSessions> sessions_with_their_agents(HandOn<fleet::FleetPart> hand_on);
  Reply<std::optional<std::int64_t>> add_jobs(std::int64_t offset, fleet::CronList& list);
  boost::asio::awaitable<void> add_pending(std::string method, fleet::ApprovalKind kind,
                                           fleet::ApprovalList& list);
  Reply<fleet::SessionList> read_all(SessionsListing& listing, HandOn<fleet::SessionList> hand_on);
  Reply<fleet::SessionList> read_page(SessionsListing& listing, std::string params, Millis limit);
  [[nodiscard]] std::string page_params(std::int64_t offset) const;
  /// The gateway refused `page_params`: leaves out a member more. False where none is left.
  bool ask_more_plainly();
  [[nodiscard]] Millis sessions_limit() const;

  const LinkContext& link_;
  Calls& calls_;
  protocol::Interpreter& interpreter_;
  KnownRows& known_;
  GatewayAbilities abilities_;
  SessionsListing* under_way_ = nullptr;
  std::set<std::string, std::less<>> logged_;
  bool knows_no_pages_ = false;  // though its protocol does
  bool includes_all_ = true;     // sessions of shared keys, too
};

}  // namespace cc::gateway
