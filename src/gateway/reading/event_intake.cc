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
  if (meaning.refresh_agent_sessions) plan.want_figures(*meaning.refresh_agent_sessions, time);
  parts_.wished();
}

void EventIntake::request_resync(const std::string& why) {
  parts_.link.log.info("reading all of the gateway again",
                       {{"gateway", parts_.link.gateway()}, {"why", why}});
  parts_.plan.request_resync(parts_.link.clock.steady());
  parts_.wished();
}

void EventIntake::pass(Observation observation) {
  parts_.reader.heard(observation);
  parts_.outbox.event(std::move(observation));
}

}  // namespace cc::gateway
