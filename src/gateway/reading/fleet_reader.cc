#include "gateway/reading/fleet_reader.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/json_writer.h"
#include "gateway/protocol/approvals.h"
#include "gateway/protocol/cron.h"

namespace cc::gateway {

using fleet::AgentList;
using fleet::FleetSync;
using fleet::PresenceList;
using fleet::SessionList;

namespace {

constexpr int kPageSize = 200;
// More than any gateway has: some that know no pages answer a hundred rows unless asked for more.
constexpr int kAllRows = 100'000;
constexpr int kJobsPerPage = 100;
constexpr std::size_t kMostJobs = 5'000;
// A gateway of protocol 3 blocks for some 9 ms per row.
constexpr int kLatestRows = 20;

/// Shows a reading to the events for as long as it lasts, however it ends.
class UnderWay {
 public:
  UnderWay(SessionsListing*& place, SessionsListing& listing) : place_(place) { place_ = &listing; }
  ~UnderWay() { place_ = nullptr; }
  UnderWay(const UnderWay&) = delete;
  UnderWay& operator=(const UnderWay&) = delete;

 private:
  SessionsListing*& place_;
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

GatewayAbilities GatewayAbilities::of(const protocol::Hello& hello, command::Access access) {
  const auto can = [&](std::string_view method) {
    return hello.methods.empty() || hello.has_method(method);
  };
  const auto may = [&](command::Scope scope) {
    return command::asks_for(access, scope, hello.protocol) && hello.grants(scope);
  };
  return {.dialect = hello.dialect(),
          .subscribes = can("sessions.subscribe"),
          .lists_agents = can("agents.list"),
          .lists_presence = can("system-presence"),
          .describes = hello.has_method("sessions.describe"),
          .lists_approvals = may(command::Scope::kApprovals) && can("exec.approval.list"),
          .lists_questions = may(command::Scope::kQuestions) && can("question.list"),
          .lists_cron = hello.has_method("cron.list")};
}

FleetReader::FleetReader(const LinkContext& link, Calls& calls, protocol::Interpreter& interpreter,
                         GatewayAbilities abilities)
    : link_(link),
      calls_(calls),
      interpreter_(interpreter),
      known_(link.history->known),
      abilities_(abilities) {}

FleetReader::Reply<void> FleetReader::subscribe() {
  if (!abilities_.subscribes) co_return Calls::Outcome{};
  Calls::Decode accept = [](simdjson::dom::element) { return Result<void>{}; };
  co_return co_await calls_.call("sessions.subscribe", "{}", link_.timing().call,
                                 std::move(accept));
}

FleetReader::Reply<AgentList> FleetReader::agents() {
  AgentList list;
  Calls::Decode decode = [&](simdjson::dom::element payload) -> Result<void> {
    std::vector<std::string_view> why;
    auto read = interpreter_.agents_list(payload, why);
    skipped(why);
    if (!read) return std::unexpected(read.error());
    list = std::move(*read);
    return {};
  };
  auto called = co_await calls_.call("agents.list", "{}", link_.timing().call, std::move(decode));
  if (!called) co_return std::unexpected(std::move(called.error()));
  known_.agents_are(list);
  if (list.default_id) link_.history->default_agent = *list.default_id;
  co_return list;
}

FleetReader::Reply<PresenceList> FleetReader::presence() {
  PresenceList list;
  Calls::Decode decode = [&](simdjson::dom::element payload) -> Result<void> {
    std::vector<std::string_view> why;
    auto read = interpreter_.presence(payload, why);
    skipped(why);
    if (!read) return std::unexpected(read.error());
    list = std::move(*read);
    return {};
  };
  auto called =
      co_await calls_.call("system-presence", "{}", link_.timing().call, std::move(decode));
  if (!called) co_return std::unexpected(std::move(called.error()));
  co_return list;
}

boost::asio::awaitable<void> FleetReader::add_pending(std::string method, fleet::ApprovalKind kind,
                                                      fleet::ApprovalList& list) {
  Calls::Decode decode = [&](simdjson::dom::element payload) -> Result<void> {
    protocol::Skipped why;
    const bool asks = kind == fleet::ApprovalKind::kQuestion;
    auto read =
        asks ? protocol::read_questions(payload, why) : protocol::read_approvals(payload, why);
    skipped(why);
    if (!read) return std::unexpected(read.error());
    list.kinds.push_back(kind);
    std::ranges::move(*read, std::back_inserter(list.pending));
    return {};
  };
  const auto called =
      co_await calls_.call(std::move(method), "{}", link_.timing().call, std::move(decode));
  if (!called && called.error().kind != CallFailure::Kind::kClosed) {
    link_.log.warn("what waits for a person cannot be read",
                   {{"gateway", link_.gateway()}, {"why", called.error().text}});
  }
}

boost::asio::awaitable<std::optional<fleet::ApprovalList>> FleetReader::approvals() {
  using enum fleet::ApprovalKind;
  fleet::ApprovalList list;
  if (abilities_.lists_approvals) {
    co_await add_pending("exec.approval.list", kExec, list);
    co_await add_pending("plugin.approval.list", kPlugin, list);
  }
  if (abilities_.lists_questions) co_await add_pending("question.list", kQuestion, list);
  if (list.kinds.empty()) co_return std::nullopt;
  co_return list;
}

FleetReader::Reply<std::optional<std::int64_t>> FleetReader::add_jobs(std::int64_t offset,
                                                                      fleet::CronList& list) {
  std::optional<std::int64_t> next;
  Calls::Decode decode = [&](simdjson::dom::element payload) -> Result<void> {
    protocol::Skipped why;
    auto page = protocol::read_cron_list(payload, why);
    skipped(why);
    if (!page) return std::unexpected(page.error());
    if (!page->jobs.empty() && page->next_offset > offset) next = page->next_offset;
    std::ranges::move(page->jobs, std::back_inserter(list.jobs));
    return {};
  };
  std::string params;
  JsonWriter(params)
      .begin_object()
      .field("includeDisabled", true)
      .field("limit", kJobsPerPage)
      .field("offset", offset)
      .end_object();
  auto called =
      co_await calls_.call("cron.list", std::move(params), link_.timing().call, std::move(decode));
  if (!called) co_return std::unexpected(std::move(called.error()));
  co_return next;
}

FleetReader::Reply<fleet::CronList> FleetReader::cron() {
  fleet::CronList list;
  std::optional<std::int64_t> offset = 0;
  while (offset && list.jobs.size() < kMostJobs) {
    auto next = co_await add_jobs(*offset, list);
    if (!next) co_return std::unexpected(std::move(next.error()));
    offset = *next;
  }
  co_return list;
}

// A list among events: only `merge` knows whether a row of it is taken.
FleetReader::Reply<SessionList> FleetReader::sessions(HandOn<SessionList> hand_on) {
  known_.forget();
  SessionsListing listing;
  co_return co_await read_all(listing, std::move(hand_on));
}

FleetReader::Reply<SessionList> FleetReader::read_all(SessionsListing& listing,
                                                      HandOn<SessionList> hand_on) {
  const UnderWay under_way(under_way_, listing);
  while (const auto offset = listing.next_offset()) {
    auto page = co_await read_page(listing, page_params(*offset), sessions_limit());
    if (page) {
      if (!listing.next_offset()) co_return std::move(*page);
      co_await hand_on(std::move(*page));
    } else if (*offset != 0 || !page.error().invalid_request() || !ask_more_plainly()) {
      co_return std::unexpected(std::move(page.error()));
    }
  }
  co_return SessionList{};
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

FleetReader::Reply<SessionList> FleetReader::read_page(SessionsListing& listing, std::string params,
                                                       Millis limit) {
  SessionList list;
  Calls::Decode decode = [&](simdjson::dom::element payload) -> Result<void> {
    std::vector<std::string_view> why;
    auto page = interpreter_.sessions_list(payload, why);
    skipped(why);
    if (!page) return std::unexpected(page.error());
    const std::size_t rows = rows_in(payload);
    const std::size_t left_out = rows - std::min(rows, page->list.sessions.size());
    list = listing.add(std::move(*page), left_out);
    // What fits into a message is shown, and nothing leaves because of it.
    if (!abilities_.dialect.lists_in_pages && link_.history->most_rows) list.complete = false;
    return {};
  };
  Calls::Shorten shorten = [&](protocol::FrameText text) {
    return listing.without_known_rows(text);
  };
  auto called = co_await calls_.call("sessions.list", std::move(params), limit, std::move(decode),
                                     std::move(shorten));
  if (!called) co_return std::unexpected(std::move(called.error()));
  co_return list;
}

// Members are checked strictly by the gateway, and its versions know different ones.
std::string FleetReader::page_params(std::int64_t offset) const {
  const auto& dialect = abilities_.dialect;
  const auto most = link_.history->most_rows;
  std::string json;
  JsonWriter params(json);
  params.begin_object();
  if (dialect.lists_in_pages) {
    params.field("limit", most ? std::min(kPageSize, *most / 10) : kPageSize);
    params.field("offset", offset);
  } else if (most || knows_no_pages_) {
    params.field("limit", most.value_or(kAllRows));
  }
  if (dialect.lists_archived) params.field("archived", "all");
  if (includes_all_) params.field("includeGlobal", true).field("includeUnknown", true);
  if (dialect.lists_in_pages) params.field("includeDerivedTitles", true);
  params.end_object();
  return json;
}

bool FleetReader::ask_more_plainly() {
  auto& dialect = abilities_.dialect;
  if (dialect.lists_archived) {
    dialect.lists_archived = false;
  } else if (dialect.lists_in_pages) {
    dialect.lists_in_pages = false;
    knows_no_pages_ = true;
  } else if (includes_all_) {
    includes_all_ = false;
  } else {
    return false;
  }
  return true;
}

FleetReader::Reply<FleetReader::Latest> FleetReader::latest_sessions(std::string agent) {
  const int most = abilities_.dialect.lists_in_pages ? kPageSize : kLatestRows;
  std::string json;
  JsonWriter params(json);
  params.begin_object();
  if (!agent.empty()) params.field("agentId", agent);
  params.field("limit", most).end_object();
  SessionsListing listing;
  auto page = co_await read_page(listing, std::move(json), link_.timing().call);
  if (!page) co_return std::unexpected(std::move(page.error()));
  page->complete = false;
  known_.heard(*page);
  const bool is_all = std::cmp_less(page->sessions.size(), most) && !listing.next_offset();
  co_return Latest{.list = std::move(*page), .is_all = is_all};
}

FleetReader::Reply<fleet::SessionChecked> FleetReader::session(std::string key) {
  SessionList list;
  Calls::Decode decode = [&](simdjson::dom::element payload) -> Result<void> {
    std::vector<std::string_view> why;
    auto read = interpreter_.session_described(payload, why);
    skipped(why);
    if (!read) return std::unexpected(read.error());
    list = std::move(*read);
    return {};
  };
  std::string json;
  JsonWriter params(json);
  params.begin_object().field("key", key).end_object();
  auto called = co_await calls_.call("sessions.describe", std::move(json), link_.timing().call,
                                     std::move(decode));
  if (!called) {
    if (called.error().invalid_request()) abilities_.describes = false;
    co_return std::unexpected(std::move(called.error()));
  }
  known_.heard(list);
  fleet::SessionChecked checked{.key = std::move(key), .row = {}, .texts = std::move(list.texts)};
  if (!list.sessions.empty()) checked.row = std::move(list.sessions.front());
  if (checked.row) checked.row->key = checked.texts.keep(checked.key);
  co_return checked;
}

FleetReader::Reply<FleetSync> FleetReader::everything(std::optional<PresenceList> presence_given,
                                                      HandOn<fleet::FleetPart> hand_on) {
  auto reading = abilities_.lists_agents ? agents_then_sessions(std::move(hand_on))
                                         : sessions_with_their_agents(std::move(hand_on));
  auto read = co_await std::move(reading);
  if (!read) co_return std::unexpected(std::move(read.error()));
  FleetSync sync;
  sync.agents = std::move(read->agents);
  sync.sessions = std::move(read->sessions);
  sync.presence = std::move(presence_given);
  if (!sync.presence && abilities_.lists_presence) {
    auto presence_read = co_await presence();
    if (presence_read) sync.presence = std::move(*presence_read);
  }
  sync.approvals = co_await approvals();
  if (abilities_.lists_cron) {
    auto jobs = co_await cron();
    if (jobs) sync.cron = std::move(*jobs);
  }
  co_return sync;
}

FleetReader::Reply<FleetReader::AgentsAndSessions> FleetReader::agents_then_sessions(
    HandOn<fleet::FleetPart> hand_on) {
  auto listed = co_await agents();
  if (!listed) co_return std::unexpected(std::move(listed.error()));
  std::optional<AgentList> untold = std::move(*listed);
  known_.begin_listing();
  SessionsListing listing(&known_);
  auto last = co_await read_all(listing, [&](SessionList page) {
    return hand_on({.agents = std::exchange(untold, std::nullopt), .sessions = std::move(page)});
  });
  if (!last) co_return std::unexpected(std::move(last.error()));
  co_return AgentsAndSessions{.agents = std::move(untold), .sessions = std::move(*last)};
}

// Agents that only sessions name are not known without reading all of these.
FleetReader::Reply<FleetReader::AgentsAndSessions> FleetReader::sessions_with_their_agents(
    HandOn<fleet::FleetPart> hand_on) {
  AgentIds named;
  known_.begin_listing();
  SessionsListing listing;
  auto last = co_await read_all(listing, [&](SessionList page) {
    add_agents_of(page, named);
    return hand_on({.sessions = std::move(page)});
  });
  if (!last) co_return std::unexpected(std::move(last.error()));
  add_agents_of(*last, named);
  co_return AgentsAndSessions{.agents = agents_with(named), .sessions = std::move(*last)};
}

Millis FleetReader::sessions_limit() const {
  return abilities_.dialect.lists_in_pages ? link_.timing().call : link_.timing().slow_call;
}

void FleetReader::skipped(const std::vector<std::string_view>& why) {
  for (const auto word : why) {
    link_.metrics.input_refused(link_.gateway(), word);
    if (!logged_.emplace(word).second) continue;
    link_.log.warn("a part of what the gateway sent cannot be understood and is left out",
                   {{"gateway", link_.gateway()}, {"why", std::string(word)}});
  }
}

}  // namespace cc::gateway
