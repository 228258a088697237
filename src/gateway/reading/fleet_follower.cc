#include "gateway/reading/fleet_follower.h"

#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace cc::gateway {

namespace asio = boost::asio;
using fleet::FleetSync;
using fleet::Observation;
using fleet::Source;

namespace {

constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);
constexpr int kReadingsOfAMovingList = 3;

RefetchPlan::Timers timers_of(const GatewayAbilities& abilities) {
  return {.agents = abilities.dialect.agents_change_silently && abilities.lists_agents,
          .sessions = !abilities.subscribes};
}

}  // namespace

FleetFollower::FleetFollower(Parts parts, Start start)
    : parts_(std::move(parts)),
      start_(std::move(start)),
      interpreter_(start_.peer),
      reader_(parts_.calls, interpreter_, parts_.history->known, start_.abilities, parts_.timing,
              [this](const std::vector<std::string_view>& why) { refused(why); }),
      plan_(parts_.timing, timers_of(start_.abilities), now(), start_.seed),
      storage_backoff_(parts_.timing.backoff_first, parts_.timing.backoff_most, start_.seed + 1),
      wake_(parts_.executor),
      outbox_({parts_.executor, parts_.sink, parts_.clock, parts_.timing.pages_apart}) {
  outbox_.hold();  // until the first sync
}

void FleetFollower::hello_presence(simdjson::dom::element presence) {
  std::vector<std::string_view> why;
  auto read = interpreter_.presence(presence, why);
  refused(why);
  if (read) hello_presence_ = std::move(*read);
}

asio::awaitable<std::optional<CallFailure>> FleetFollower::run() {
  auto failed = co_await sync_first();
  if (failed) co_return failed;
  while (!stopped_) {
    auto refetch = plan_.take(now());
    if (!refetch) {
      const auto due = plan_.next_due();
      const Millis never = std::chrono::hours(24);
      co_await rest(due ? std::chrono::ceil<Millis>(*due - now()) : never);
      continue;
    }
    failed = co_await perform(*refetch);
    const bool hopeless = failed && (failed->invalid_request() || failed->missing_scope());
    plan_.finished(*refetch, !failed || hopeless, now());
    if (failed && refetch->what == Refetch::What::kEverything) co_return failed;
  }
  co_return std::nullopt;
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

// ---- reading
// --------------------------------------------------------------------------------------------

asio::awaitable<std::optional<CallFailure>> FleetFollower::sync_first() {
  auto subscribed = co_await reader_.subscribe();
  if (!subscribed) co_return std::move(subscribed.error());
  while (!stopped_) {
    outbox_.hold();
    plan_.first_reading_starts();
    auto read =
        co_await reader_.everything(std::exchange(hello_presence_, std::nullopt), hand_on_parts());
    if (!read) co_return std::move(read.error());
    FleetSync sync = std::move(*read);
    sync.initial = !parts_.history->synced;
    sync.connection = parts_.reporter.committing(start_.facts);
    sync.connection->reconnected = parts_.history->synced;
    sync.gateway_started_at = start_.facts.gateway_started_at;
    const bool whole = sync.sessions.complete;
    const bool committed = co_await commit(std::move(sync));
    if (stopped_) break;
    if (committed) {
      parts_.reporter.ready();
      ready_since_ = now();
      plan_.first_reading_done(now());
      read_sessions_again_unless(whole);
      want_what_was_lost();
      break;
    }
    parts_.reporter.not_committed();
    co_await sit_out(storage_backoff_.next());
  }
  co_return std::nullopt;
}

asio::awaitable<std::optional<CallFailure>> FleetFollower::perform(Refetch refetch) {
  using What = Refetch::What;
  Failed failed;
  switch (refetch.what) {
    case What::kEverything: failed = co_await read_everything(); break;
    case What::kAgents: failed = co_await read_agents(); break;
    case What::kPresence: failed = co_await read_presence(); break;
    case What::kSessions: failed = co_await read_sessions(); break;
    case What::kFigures: failed = co_await read_figures(std::move(refetch.agents)); break;
  }
  if (failed && !stopped_) {
    parts_.log.warn("reading from the gateway again failed",
                    {{"gateway", start_.peer.gateway}, {"why", failed->text}});
  }
  co_return failed;
}

asio::awaitable<std::optional<CallFailure>> FleetFollower::read_everything() {
  outbox_.hold();
  auto read = co_await reader_.everything(std::nullopt, hand_on_parts());
  if (!read) {
    outbox_.release();
    want_what_was_lost();
    co_return std::move(read.error());
  }
  FleetSync sync = std::move(*read);
  sync.initial = false;
  sync.connection = parts_.reporter.report();
  read_sessions_again_unless(sync.sessions.complete);
  const bool committed = co_await commit(std::move(sync));
  want_what_was_lost();
  if (!committed && !stopped_) {
    co_await sit_out(storage_backoff_.next());
    plan_.want_everything(now());
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

/// Only a whole list says who has left. What there is of it is shown meanwhile.
void FleetFollower::read_sessions_again_unless(bool complete) {
  // What is not read in pages is all there is; reading it again would only cost.
  if (complete || !reader_.abilities().dialect.lists_in_pages) {
    partial_readings_ = 0;
  } else if (++partial_readings_ < kReadingsOfAMovingList) {
    plan_.want_sessions(now());
  }
}

asio::awaitable<std::optional<CallFailure>> FleetFollower::read_figures(
    std::vector<std::string> agents) {
  std::string agent = agents.empty() ? std::string() : std::move(agents.front());
  auto read = co_await reader_.latest_sessions(std::move(agent));
  if (!read) co_return std::move(read.error());
  submit(fleet::SessionsListed{std::move(*read)});
  co_return std::nullopt;
}

asio::awaitable<bool> FleetFollower::commit(FleetSync sync) {
  fleet::Settled settled = [history = parts_.history](const Result<void>& fate) {
    if (fate) history->synced = true;
  };
  Observation seen = observed(std::move(sync));
  const bool committed = co_await outbox_.commit(std::move(seen), std::move(settled));
  parts_.history->known.end_reading(committed);
  co_return committed;
}

FleetReader::HandOn<fleet::FleetPart> FleetFollower::hand_on_parts() {
  return [this](fleet::FleetPart part) {
    part.initial = !parts_.history->synced;
    return outbox_.page(observed(std::move(part)));
  };
}

// ---- events
// ---------------------------------------------------------------------------------------------

void FleetFollower::event(const protocol::EventFrame& frame) {
  check_sequence(frame.seq);
  protocol::Interpretation meaning = interpreter_.event(frame, parts_.clock.wall());
  refused(meaning.refused);
  apply_wishes(meaning);
  for (auto& observation : meaning.observations) pass(std::move(observation));
}

void FleetFollower::check_sequence(std::optional<std::int64_t> seq) {
  auto gap = sequence_.accept(seq);
  if (!gap) return;
  parts_.metrics.sequence_gap(start_.peer.gateway);
  if (plan_.everything_wanted()) return;  // told already, and everything will be read
  parts_.log.warn("events of the gateway went missing",
                  {{"gateway", start_.peer.gateway}, {"detail", *gap}});
  submit(fleet::GapReport{std::move(*gap)});
  want_everything("gap");
}

void FleetFollower::apply_wishes(const protocol::Interpretation& meaning) {
  if (meaning.shutdown) restart_expected_ = meaning.restart_expected;
  if (!meaning.wants_reading()) return;  // most events: the reading coroutine sleeps on
  const SteadyTime time = now();
  if (meaning.refetch_agents && reader_.abilities().lists_agents) plan_.want_agents(time);
  if (meaning.refetch_sessions) plan_.want_sessions(time);
  if (meaning.refetch_presence) plan_.want_presence(time);
  if (meaning.refresh_agent_sessions) plan_.want_figures(*meaning.refresh_agent_sessions, time);
  wake_.cancel();
}

void FleetFollower::want_everything(const std::string& why) {
  parts_.log.info("reading all of the gateway again",
                  {{"gateway", start_.peer.gateway}, {"why", why}});
  plan_.want_everything(now());
  wake_.cancel();
}

void FleetFollower::refused(const std::vector<std::string_view>& why) {
  for (const auto word : why) {
    parts_.metrics.input_refused(start_.peer.gateway, word);
    if (!logged_.emplace(word).second) continue;
    parts_.log.warn("a part of what the gateway sent cannot be understood and is left out",
                    {{"gateway", start_.peer.gateway}, {"why", std::string(word)}});
  }
}

void FleetFollower::pass(Observation observation) {
  reader_.heard(observation);
  outbox_.event(std::move(observation));
}

void FleetFollower::want_what_was_lost() {
  if (outbox_.lost_any()) want_everything("more events than can be kept");
}

template <class What>
Observation FleetFollower::observed(What what) const {
  return {start_.peer.gateway, Source::kWs, parts_.clock.wall(), std::move(what)};
}

template <class What>
void FleetFollower::submit(What what) {
  parts_.sink.submit(observed(std::move(what)));
}

}  // namespace cc::gateway
