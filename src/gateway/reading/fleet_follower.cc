#include "gateway/reading/fleet_follower.h"

#include <algorithm>
#include <utility>

#include <boost/asio/post.hpp>

#include "gateway/protocol/members.h"
#include "net/completion.h"

namespace cc::gateway {

namespace asio = boost::asio;
using fleet::FleetSync;
using fleet::Observation;
using fleet::Source;
using net::kTuple;

namespace {

constexpr int kReadingsOfAMovingList = 3;
// More sessions than this are read together, in a list.
constexpr std::size_t kMostAlone = 4;

/// The agent that all of them name in their keys; empty where they name several, or none.
std::string agent_of_all(const std::vector<std::string>& sessions) {
  const auto agent = protocol::agent_of_key(sessions.front());
  const auto is_other = [&](const auto& key) { return protocol::agent_of_key(key) != agent; };
  return agent && std::ranges::none_of(sessions, is_other) ? std::string(*agent) : std::string();
}

RefetchPlan::Timers timers_of(const GatewayAbilities& abilities) {
  return {.agents = abilities.dialect.agents_change_silently && abilities.lists_agents,
          .sessions = !abilities.subscribes};
}

}  // namespace

FleetFollower::FleetFollower(const LinkContext& link, Calls& calls, Options options)
    : link_(link),
      options_(std::move(options)),
      interpreter_(options_.peer),
      reader_(link, calls, interpreter_, options_.abilities),
      plan_(link.timing(), timers_of(options_.abilities), now(), options_.seed),
      storage_backoff_(link.timing().backoff_first, link.timing().backoff_most, options_.seed + 1),
      wake_(link.executor),
      outbox_({.executor = link.executor,
               .sink = link.sink,
               .clock = link.clock,
               .pages_apart = link.timing().pages_apart}),
      checks_(link.timing()),
      review_(link.timing()),
      events_({.link = link,
               .interpreter = interpreter_,
               .reader = reader_,
               .plan = plan_,
               .outbox = outbox_,
               .checks = checks_,
               .review = review_,
               .wished = [this] { wake_.cancel(); }}) {
  outbox_.hold();  // until the first sync
}

void FleetFollower::hello_presence(simdjson::dom::element presence) {
  std::vector<std::string_view> why;
  auto read = interpreter_.presence(presence, why);
  reader_.skipped(why);
  if (read) hello_presence_ = std::move(*read);
}

asio::awaitable<std::optional<CallFailure>> FleetFollower::run() {
  auto failed = co_await sync_first();
  if (failed) co_return failed;
  while (!stopped_ && !failed) {
    if (co_await work(failed)) continue;
    const auto due = next_due();
    const Millis never = std::chrono::hours(24);
    co_await rest(due ? std::chrono::ceil<Millis>(*due - now()) : never);
  }
  co_return failed;
}

std::optional<SteadyTime> FleetFollower::next_due() const {
  auto due = plan_.next_due();
  auto checks = checks_.next_due();
  if (checks && checks_need_list()) checks = std::max(*checks, plan_.may_list_at());
  const auto review = plan_.resync_wanted() ? std::nullopt : review_.due();
  for (const auto& other : {checks, review}) {
    if (other) due = due ? std::min(*due, *other) : *other;
  }
  return due;
}

bool FleetFollower::checks_need_list() const {
  return !reader_.abilities().describes || checks_.count_due(now()) > kMostAlone;
}

/// Only a failure that must end the connection is left in `failed`.
asio::awaitable<bool> FleetFollower::work(Failed& failed) {
  const auto review = review_.due();
  if (review && *review <= now()) plan_.request_resync(now());
  if (auto refetch = plan_.take(now())) {
    failed = co_await perform(*refetch);
    const bool hopeless = failed && (failed->invalid_request() || failed->missing_scope());
    plan_.finished(*refetch, !failed || hopeless, now());
    if (refetch->what != Refetch::What::kResync) failed.reset();
    co_return true;
  }
  // Else lists of a few sessions would keep the list of all from being read.
  if (checks_need_list() && !plan_.may_list(now())) co_return false;
  auto sessions = checks_.take(now());
  if (sessions.empty()) co_return false;
  const auto missed = co_await check(std::move(sessions));
  if (missed && missed->kind != CallFailure::Kind::kClosed) {
    link_.log.debug("a session could not be read again",
                    {{"gateway", link_.gateway()}, {"why", missed->text}});
  }
  co_return true;
}

void FleetFollower::request_check(const std::string& session) {
  checks_.doubted(session, now());
  wake_.cancel();
}

void FleetFollower::stop() {
  stopped_ = true;
  wake_.cancel();
  outbox_.stop();
}

asio::awaitable<void> FleetFollower::rest(Millis time) {
  wake_.expires_after(time);
  co_await wake_.async_wait(kTuple);
}

asio::awaitable<void> FleetFollower::sit_out(Millis time) {
  const SteadyTime until = now() + time;
  while (!stopped_ && now() < until) {
    co_await rest(std::chrono::ceil<Millis>(until - now()));
  }
}

asio::awaitable<std::optional<CallFailure>> FleetFollower::sync_first() {
  auto subscribed = co_await reader_.subscribe();
  if (!subscribed) co_return std::move(subscribed.error());
  while (!stopped_) {
    outbox_.hold();
    sync_began_ = now();
    plan_.first_reading_starts();
    auto read =
        co_await reader_.everything(std::exchange(hello_presence_, std::nullopt), hand_on_parts());
    if (!read) co_return std::move(read.error());
    const bool committed = co_await commit_first(std::move(*read));
    if (committed || stopped_) break;
    link_.reporter.not_committed();
    co_await sit_out(storage_backoff_.next());
  }
  co_return std::nullopt;
}

asio::awaitable<bool> FleetFollower::commit_first(FleetSync sync) {
  review_.reviewed(now(), std::chrono::ceil<Millis>(now() - sync_began_));
  sync.initial = !link_.history->synced;
  sync.connection = link_.reporter.committing(options_.facts);
  sync.connection->reconnected = link_.history->synced;
  sync.gateway_started_at = options_.facts.gateway_started_at;
  const bool whole = sync.sessions.complete;
  const bool committed = co_await commit(std::move(sync));
  if (!committed || stopped_) co_return false;
  link_.reporter.ready();
  ready_since_ = now();
  options_.ready();
  plan_.first_reading_done(now());
  read_sessions_again_unless(whole);
  want_what_was_lost();
  co_return true;
}

asio::awaitable<std::optional<CallFailure>> FleetFollower::perform(Refetch refetch) {
  using What = Refetch::What;
  Failed failed;
  switch (refetch.what) {
    case What::kResync: failed = co_await resync(); break;
    case What::kAgents: failed = co_await read_agents(); break;
    case What::kPresence: failed = co_await read_presence(); break;
    case What::kSessions: failed = co_await read_sessions(); break;
    case What::kCron: failed = co_await read_cron(); break;
  }
  if (failed && !stopped_) {
    link_.log.warn("reading from the gateway again failed",
                   {{"gateway", link_.gateway()}, {"why", failed->text}});
  }
  co_return failed;
}

asio::awaitable<std::optional<CallFailure>> FleetFollower::resync() {
  const SteadyTime began = now();
  outbox_.hold();
  auto read = co_await reader_.everything(std::nullopt, hand_on_parts());
  if (!read) {
    outbox_.release();
    want_what_was_lost();
    co_return std::move(read.error());
  }
  FleetSync sync = std::move(*read);
  sync.initial = false;
  sync.connection = link_.reporter.report();
  review_.reviewed(now(), std::chrono::ceil<Millis>(now() - began));
  read_sessions_again_unless(sync.sessions.complete);
  const bool committed = co_await commit(std::move(sync));
  want_what_was_lost();
  if (!committed && !stopped_) {
    co_await sit_out(storage_backoff_.next());
    plan_.request_resync(now());
  }
  co_return std::nullopt;
}

asio::awaitable<std::optional<CallFailure>> FleetFollower::read_agents() {
  auto read = co_await reader_.agents();
  if (!read) co_return std::move(read.error());
  submit(fleet::AgentsListed{std::move(*read)});
  co_return std::nullopt;
}

asio::awaitable<std::optional<CallFailure>> FleetFollower::read_presence() {
  if (!reader_.abilities().lists_presence) co_return std::nullopt;
  auto read = co_await reader_.presence();
  if (!read) co_return std::move(read.error());
  submit(fleet::PresenceChanged{std::move(*read)});
  co_return std::nullopt;
}

asio::awaitable<std::optional<CallFailure>> FleetFollower::read_cron() {
  if (!reader_.abilities().lists_cron) co_return std::nullopt;
  auto read = co_await reader_.cron();
  if (!read) co_return std::move(read.error());
  submit(fleet::CronListed{std::move(*read)});
  co_return std::nullopt;
}

asio::awaitable<std::optional<CallFailure>> FleetFollower::read_sessions() {
  outbox_.hold();
  auto read = co_await reader_.sessions([this](fleet::SessionList page) {
    return outbox_.page(observed(fleet::SessionsListed{std::move(page)}));
  });
  if (read) {
    read_sessions_again_unless(read->complete);
    outbox_.end(observed(fleet::SessionsListed{std::move(*read)}));
  } else {
    outbox_.release();
  }
  want_what_was_lost();
  if (!read) co_return std::move(read.error());
  co_return std::nullopt;
}

/// Only a complete list says who has left. An incomplete one is shown meanwhile.
void FleetFollower::read_sessions_again_unless(bool complete) {
  // What is not read in pages is all there is; reading it again would only cost.
  if (complete || !reader_.abilities().dialect.lists_in_pages) {
    partial_readings_ = 0;
  } else if (++partial_readings_ < kReadingsOfAMovingList) {
    plan_.want_sessions(now());
  }
}

asio::awaitable<std::optional<CallFailure>> FleetFollower::check(
    std::vector<std::string> sessions) {
  Failed failed;
  // Only a list tells the sessions of one shared key apart.
  const bool together = !reader_.abilities().describes || sessions.size() > kMostAlone ||
                        std::ranges::any_of(sessions, protocol::is_of_shared_key);
  if (together) co_return co_await check_in_list(sessions);
  for (const auto& session : sessions) {
    if (stopped_) break;
    if (auto missed = co_await check_alone(session)) failed = std::move(missed);
  }
  co_return failed;
}

asio::awaitable<std::optional<CallFailure>> FleetFollower::check_alone(const std::string& session) {
  auto read = co_await reader_.session(session);
  if (!read) {
    checks_.failed(session, now());
    co_return std::move(read.error());
  }
  const auto verdict = checks_.answered(session, read->row ? &*read->row : nullptr, now());
  if (verdict == SessionChecks::Verdict::kOvertaken) co_return std::nullopt;
  read->is_firm = verdict == SessionChecks::Verdict::kFirm;
  submit(std::move(*read));
  co_return std::nullopt;
}

// A session that is not among the latest, and may be further behind, is found by reading all.
asio::awaitable<std::optional<CallFailure>> FleetFollower::check_in_list(
    const std::vector<std::string>& sessions) {
  outbox_.hold();
  auto read = co_await reader_.latest_sessions(agent_of_all(sessions));
  plan_.listed(now());
  if (!read) {
    outbox_.release();
    for (const auto& session : sessions) checks_.failed(session, now());
    co_return std::move(read.error());
  }
  std::vector<std::string> gone;
  for (const auto& session : sessions) {
    const auto row = std::ranges::find(read->list.sessions, session, &fleet::SessionPatch::key);
    const bool is_listed = row != read->list.sessions.end();
    if (!is_listed && !read->is_all) plan_.request_resync(now());
    if (!is_listed && read->is_all) gone.push_back(session);
    (void)checks_.answered(session, is_listed ? &*row : nullptr, now());
  }
  for (auto& session : gone) submit(fleet::SessionChecked{.key = std::move(session), .row = {}});
  outbox_.end(observed(fleet::SessionsListed{std::move(read->list)}));
  want_what_was_lost();
  co_return std::nullopt;
}

asio::awaitable<bool> FleetFollower::commit(FleetSync sync) {
  fleet::Ack ack = [history = link_.history](const Result<void>& fate) {
    if (fate) history->synced = true;
  };
  Observation seen = observed(std::move(sync));
  const bool committed = co_await outbox_.commit(std::move(seen), std::move(ack));
  link_.history->known.end_listing(committed);
  co_return committed;
}

FleetReader::HandOn<fleet::FleetPart> FleetFollower::hand_on_parts() {
  return [this](fleet::FleetPart part) {
    part.initial = !link_.history->synced;
    return outbox_.page(observed(std::move(part)));
  };
}

void FleetFollower::want_what_was_lost() {
  if (outbox_.lost_any()) request_resync("more events than can be kept");
}

template <class What>
Observation FleetFollower::observed(What what) const {
  return {link_.gateway(), Source::kWs, link_.clock.wall(), std::move(what)};
}

template <class What>
void FleetFollower::submit(What what) {
  link_.sink.submit(observed(std::move(what)));
}

}  // namespace cc::gateway
