#pragma once
// The reading half of a connection: agents, sessions and presence, asked for and understood.

#include <expected>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "fleet/observation.h"
#include "gateway/connection/calls.h"
#include "gateway/protocol/handshake.h"
#include "gateway/protocol/interpret.h"
#include "gateway/reading/known_rows.h"
#include "gateway/reading/sessions_reading.h"
#include "gateway/timing.h"

namespace cc::gateway {

/// What a gateway can do, as its hello says.
struct GatewayAbilities {
  protocol::Dialect dialect = protocol::kDialectV4;
  bool subscribes = true;      // sessions.subscribe
  bool lists_agents = true;    // agents.list
  bool lists_presence = true;  // system-presence
  [[nodiscard]] static GatewayAbilities of(const protocol::Hello& hello);
};

/// One per connection, on its thread; one reading at a time. What is handed in must outlive it.
class FleetReader {
 public:
  template <class T>
  using Reading = boost::asio::awaitable<std::expected<T, CallFailure>>;
  using Refused = std::function<void(const std::vector<std::string_view>& why)>;
  /// What was read so far, to be handed on; the next page is asked for when this is done.
  template <class Part>
  using HandOn = std::function<boost::asio::awaitable<void>(Part part)>;

  FleetReader(Calls& calls, protocol::Interpreter& interpreter, KnownRows& known,
              GatewayAbilities abilities, const Timing& timing, Refused refused);

  [[nodiscard]] const GatewayAbilities& abilities() const { return abilities_; }

  /// Before anything is read, so that nothing falls between the reading and the events.
  Reading<void> subscribe();
  Reading<fleet::AgentList> agents();
  /// All sessions, page by page; answers the last one, which names all others as well. Complete
  /// where `heard` was told of every event that came meanwhile and nothing else moved.
  Reading<fleet::SessionList> sessions(HandOn<fleet::SessionList> hand_on);
  /// An event, for the reading that is under way and for what is known; most are of no account.
  void heard(const fleet::Observation& observation);
  /// A frame that is to be parsed, without the rows that the reading under way need not read.
  [[nodiscard]] protocol::FrameText without_known_rows(protocol::FrameText frame);
  /// The sessions of one agent that were active lately; of all agents where none is named. Never
  /// complete.
  Reading<fleet::SessionList> latest_sessions(std::string agent);
  Reading<fleet::PresenceList> presence();
  /// All of it. Agents of a gateway that cannot list them are those that its sessions name. `known`
  /// is a presence that need not be asked for. Whoever hands it on tells `KnownRows` how it ended.
  Reading<fleet::FleetSync> everything(std::optional<fleet::PresenceList> known,
                                       HandOn<fleet::FleetPart> hand_on);

 private:
  Reading<fleet::SessionList> read_all(SessionsReading& reading,
                                       HandOn<fleet::SessionList> hand_on);
  Reading<fleet::SessionList> read_page(SessionsReading& reading, std::string params, Millis limit);
  [[nodiscard]] std::string page_params(std::int64_t offset) const;
  [[nodiscard]] Millis sessions_limit() const;
  void count_refused(const std::vector<std::string_view>& why) const;

  Calls& calls_;
  protocol::Interpreter& interpreter_;
  KnownRows& known_;
  GatewayAbilities abilities_;
  const Timing& timing_;
  Refused refused_;
  SessionsReading* under_way_ = nullptr;
  int plainness_ = 0;  // how many members of the sessions.list request this gateway has refused
};

}  // namespace cc::gateway
