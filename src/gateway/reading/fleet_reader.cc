#include "gateway/reading/fleet_reader.h"

#include <set>
#include <utility>

#include "base/json_writer.h"

namespace cc::gateway {

using fleet::AgentList;
using fleet::FleetSync;
using fleet::PresenceList;
using fleet::SessionList;

namespace {

constexpr int kPageSize = 200;
constexpr int kPlainest = 2;
constexpr int kLatestMinutes = 10;
// A gateway of protocol 3 stands still for some 9 ms for each row.
constexpr int kLatestRows = 50;

/// Shows a reading to the events for as long as it lasts, however it ends.
class UnderWay {
 public:
  UnderWay(SessionsReading*& place, SessionsReading& reading) : place_(place) { place_ = &reading; }
  ~UnderWay() { place_ = nullptr; }
  UnderWay(const UnderWay&) = delete;
  UnderWay& operator=(const UnderWay&) = delete;

 private:
  SessionsReading*& place_;
};

std::size_t rows_in(simdjson::dom::element payload) {
  simdjson::dom::array rows;
  return payload["sessions"].get(rows) == simdjson::SUCCESS ? rows.size() : 0;
}

using AgentIds = std::set<std::string, std::less<>>;

void add_agents_of(const SessionList& sessions, AgentIds& ids) {
  for (const auto& session : sessions.sessions) {
    if (session.agent_id && *session.agent_id) ids.emplace(**session.agent_id);
  }
}

AgentList agents_with(const AgentIds& ids) {
  AgentList list;
  for (const auto& id : ids) list.agents.push_back({.id = id});
  return list;
}

}  // namespace

GatewayAbilities GatewayAbilities::of(const protocol::Hello& hello) {
  const auto can = [&](std::string_view method) {
    return hello.methods.empty() || hello.has_method(method);
  };
  return {protocol::dialect_of(hello.protocol), can("sessions.subscribe"), can("agents.list"),
          can("system-presence")};
}

FleetReader::FleetReader(Calls& calls, protocol::Interpreter& interpreter, KnownRows& known,
                         GatewayAbilities abilities, const Timing& timing, Refused refused)
    : calls_(calls),
      interpreter_(interpreter),
      known_(known),
      abilities_(abilities),
      timing_(timing),
      refused_(std::move(refused)) {}

FleetReader::Reading<void> FleetReader::subscribe() {
  if (!abilities_.subscribes) co_return Calls::Outcome{};
  Calls::Decode accept = [](simdjson::dom::element) { return Result<void>{}; };
  co_return co_await calls_.call("sessions.subscribe", "{}", timing_.call, std::move(accept));
}

FleetReader::Reading<AgentList> FleetReader::agents() {
  AgentList list;
  Calls::Decode decode = [&](simdjson::dom::element payload) -> Result<void> {
    std::vector<std::string_view> refused;
    auto read = interpreter_.agents_list(payload, refused);
    count_refused(refused);
    if (!read) return std::unexpected(read.error());
    list = std::move(*read);
    return {};
  };
  auto called = co_await calls_.call("agents.list", "{}", timing_.call, std::move(decode));
  if (!called) co_return std::unexpected(std::move(called.error()));
  known_.agents_are(list);
  co_return list;
}

FleetReader::Reading<PresenceList> FleetReader::presence() {
  PresenceList list;
  Calls::Decode decode = [&](simdjson::dom::element payload) -> Result<void> {
    std::vector<std::string_view> refused;
    auto read = interpreter_.presence(payload, refused);
    count_refused(refused);
    if (!read) return std::unexpected(read.error());
    list = std::move(*read);
    return {};
  };
  auto called = co_await calls_.call("system-presence", "{}", timing_.call, std::move(decode));
  if (!called) co_return std::unexpected(std::move(called.error()));
  co_return list;
}

// A list among events: whether a row of it is taken, only `merge` can tell.
FleetReader::Reading<SessionList> FleetReader::sessions(HandOn<SessionList> hand_on) {
  known_.forget();
  SessionsReading reading;
  co_return co_await read_all(reading, std::move(hand_on));
}

FleetReader::Reading<SessionList> FleetReader::read_all(SessionsReading& reading,
                                                        HandOn<SessionList> hand_on) {
  const UnderWay under_way(under_way_, reading);
  while (const auto offset = reading.next_offset()) {
    auto page = co_await read_page(reading, page_params(*offset), sessions_limit());
    if (page) {
      if (!reading.next_offset()) co_return std::move(*page);
      co_await hand_on(std::move(*page));
    } else if (page.error().invalid_request() && *offset == 0 && plainness_ < kPlainest) {
      ++plainness_;
    } else {
      co_return std::unexpected(std::move(page.error()));
    }
  }
  co_return SessionList{};
}

protocol::FrameText FleetReader::without_known_rows(protocol::FrameText frame) {
  return under_way_ != nullptr ? under_way_->without_known_rows(frame) : frame;
}

void FleetReader::heard(const fleet::Observation& observation) {
  known_.heard(observation);
  if (under_way_ == nullptr) return;
  if (const auto* changed = std::get_if<fleet::SessionChanged>(&observation.what)) {
    under_way_->told(*changed);
  } else if (const auto* deleted = std::get_if<fleet::SessionDeleted>(&observation.what)) {
    under_way_->told(*deleted);
  }
}

FleetReader::Reading<SessionList> FleetReader::read_page(SessionsReading& reading,
                                                         std::string params, Millis limit) {
  SessionList list;
  Calls::Decode decode = [&](simdjson::dom::element payload) -> Result<void> {
    std::vector<std::string_view> refused;
    auto page = interpreter_.sessions_list(payload, refused);
    count_refused(refused);
    if (!page) return std::unexpected(page.error());
    const std::size_t rows = rows_in(payload);
    const std::size_t left_out = rows - std::min(rows, page->list.sessions.size());
    list = reading.add(std::move(*page), left_out);
    return {};
  };
  auto called = co_await calls_.call("sessions.list", std::move(params), limit, std::move(decode));
  if (!called) co_return std::unexpected(std::move(called.error()));
  co_return list;
}

// Members are checked strictly by the gateway, and its versions know different ones: those that
// only some know are left out one after the other.
std::string FleetReader::page_params(std::int64_t offset) const {
  std::string json;
  JsonWriter params(json);
  params.begin_object();
  if (abilities_.dialect.lists_in_pages) {
    params.field("limit", kPageSize).field("offset", offset);
    if (plainness_ < 1) params.field("archived", "all");
  }
  if (plainness_ < kPlainest) {
    params.field("includeGlobal", true).field("includeUnknown", true);
    if (abilities_.dialect.lists_in_pages) params.field("includeDerivedTitles", true);
  }
  params.end_object();
  return json;
}

FleetReader::Reading<SessionList> FleetReader::latest_sessions(std::string agent) {
  std::string json;
  JsonWriter params(json);
  params.begin_object();
  if (!agent.empty()) params.field("agentId", agent);
  params.field("activeMinutes", kLatestMinutes);
  params.field("limit", kLatestRows).end_object();
  SessionsReading reading;
  auto page = co_await read_page(reading, std::move(json), timing_.call);
  if (!page) co_return page;
  page->complete = false;
  known_.heard(*page);
  co_return page;
}

FleetReader::Reading<FleetSync> FleetReader::everything(std::optional<PresenceList> known,
                                                        HandOn<fleet::FleetPart> hand_on) {
  FleetSync sync;
  sync.presence = std::move(known);
  if (abilities_.lists_agents) {
    auto agents_read = co_await agents();
    if (!agents_read) co_return std::unexpected(std::move(agents_read.error()));
    sync.agents = std::move(*agents_read);
  }
  AgentIds seen;
  known_.begin_reading();
  // Agents that only sessions name are not known without reading them.
  SessionsReading reading(abilities_.lists_agents ? &known_ : nullptr);
  auto sessions_read = co_await read_all(reading, [&](SessionList page) {
    if (!abilities_.lists_agents) add_agents_of(page, seen);
    return hand_on(
        {.agents = std::exchange(sync.agents, std::nullopt), .sessions = std::move(page)});
  });
  if (!sessions_read) co_return std::unexpected(std::move(sessions_read.error()));
  sync.sessions = std::move(*sessions_read);
  if (!abilities_.lists_agents) {
    add_agents_of(sync.sessions, seen);
    sync.agents = agents_with(seen);
  }
  if (!sync.presence && abilities_.lists_presence) {
    auto presence_read = co_await presence();
    if (presence_read) sync.presence = std::move(*presence_read);
  }
  co_return sync;
}

Millis FleetReader::sessions_limit() const {
  return abilities_.dialect.lists_in_pages ? timing_.call : timing_.slow_call;
}

void FleetReader::count_refused(const std::vector<std::string_view>& why) const {
  if (!why.empty()) refused_(why);
}

}  // namespace cc::gateway
