#include "gateway/reading/event_intake.h"

#include <utility>

namespace cc::gateway {

using fleet::Observation;
using fleet::Source;

void EventIntake::event(const protocol::EventFrame& frame) {
  check_sequence(frame.seq);
  protocol::Interpretation meaning = parts_.interpreter.event(frame, parts_.link.clock.wall());
  parts_.reader.skipped(meaning.skipped);
  apply_wishes(meaning);
  for (auto& observation : meaning.observations) pass(std::move(observation));
}

void EventIntake::check_sequence(std::optional<std::int64_t> seq) {
  auto gap = sequence_.accept(seq);
  if (!gap) return;
  const LinkContext& link = parts_.link;
  link.metrics.sequence_gap(link.gateway());
  if (parts_.plan.resync_wanted()) return;  // told already, and everything will be read
  link.log.warn("events of the gateway went missing",
                {{"gateway", link.gateway()}, {"detail", *gap}});
  link.sink.submit(
      {link.gateway(), Source::kWs, link.clock.wall(), fleet::GapReport{std::move(*gap)}});
  request_resync("gap");
}

void EventIntake::apply_wishes(const protocol::Interpretation& meaning) {
  if (meaning.shutdown) restart_expected_ = meaning.restart_expected;
  if (!meaning.wants_reading()) return;  // most events: the reading coroutine sleeps on
  RefetchPlan& plan = parts_.plan;
  const SteadyTime time = parts_.link.clock.steady();
  if (meaning.refetch_agents && parts_.reader.abilities().lists_agents) plan.want_agents(time);
  if (meaning.refetch_sessions) plan.want_sessions(time);
  if (meaning.refetch_presence) plan.want_presence(time);
  if (meaning.refetch_cron) plan.want_cron(time);
  parts_.wished();
}

void EventIntake::request_resync(const std::string& why) {
  parts_.link.log.info("reading all of the gateway again",
                       {{"gateway", parts_.link.gateway()}, {"why", why}});
  parts_.plan.request_resync(parts_.link.clock.steady());
  parts_.wished();
}

void EventIntake::note(const Observation& observation) {
  const auto& what = observation.what;
  if (const auto* run = std::get_if<fleet::RunEvent>(&what)) {
    using Kind = fleet::RunEvent::Kind;
    spoken_of(run->session_key, run->kind == Kind::kEnd || run->kind == Kind::kError);
  } else if (const auto* changed = std::get_if<fleet::SessionChanged>(&what)) {
    spoken_of(changed->row.key, changed->phase == "end" || changed->phase == "error");
  } else if (const auto* deleted = std::get_if<fleet::SessionDeleted>(&what)) {
    spoken_of(deleted->key, false);
  }
}

void EventIntake::spoken_of(std::string_view session, bool has_ended) {
  const SteadyTime time = parts_.link.clock.steady();
  if (parts_.review.moved(time)) parts_.wished();
  if (session.empty()) return;
  parts_.checks.heard(session);
  if (!has_ended) return;
  parts_.checks.ended(std::string(session), time);
  parts_.wished();
}

void EventIntake::pass(Observation observation) {
  note(observation);
  parts_.reader.heard(observation);
  parts_.outbox.event(std::move(observation));
}

}  // namespace cc::gateway
