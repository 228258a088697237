#include "gateway/fallback/source_reporter.h"

#include <tuple>
#include <utility>

namespace cc::gateway {

using fleet::ConnectionReport;
using fleet::Observation;
using fleet::Source;

namespace {

bool same(const ConnectionReport& a, const ConnectionReport& b) {
  const auto members = [](const ConnectionReport& r) {
    return std::tie(r.state, r.source, r.detail, r.action, r.protocol, r.server_version,
                    r.connected_at, r.attempts, r.next_attempt_at, r.can);
  };
  return members(a) == members(b);
}

}  // namespace

SourceReporter::SourceReporter(Parts parts, std::string gateway, SourceArbiter arbiter,
                               std::function<void()> turn)
    : parts_(parts),
      gateway_(std::move(gateway)),
      arbiter_(std::move(arbiter)),
      turn_(std::move(turn)) {}

void SourceReporter::start() {
  publish();
  turn_();
}

void SourceReporter::repeat() {
  if (arbiter_.ws_commits()) return;  // the sync on its way says it
  told_.reset();
  publish();
}

ConnectionReport SourceReporter::committing(LiveFacts facts) {
  arbiter_.ws_committing(std::move(facts));
  told_ = arbiter_.report();
  return *told_;
}

void SourceReporter::ready() {
  const bool spoke = arbiter_.ws_speaks();
  arbiter_.ws_ready();
  if (spoke) return;
  last_logged_.clear();
  parts_.metrics.connected(gateway_, true);
  parts_.log.info("using WS — REST poller standing down", {{"gateway", gateway_}});
}

void SourceReporter::not_committed() {
  arbiter_.ws_not_committed();
  told_.reset();
  publish();
  turn_();
}

void SourceReporter::lost(Trouble why) {
  ended(why);
  arbiter_.ws_lost(std::move(why), parts_.clock.steady());
  publish();
  turn_();
}

void SourceReporter::blocked(Trouble why) {
  ended(why);
  arbiter_.ws_blocked(std::move(why), parts_.clock.steady());
  publish();
  turn_();
}

void SourceReporter::has_too_many(bool too_many) {
  arbiter_.has_too_many(too_many);
  publish();
}

void SourceReporter::trying() {
  arbiter_.ws_tries();
  publish();
}

void SourceReporter::trying_again_in(Millis delay) {
  arbiter_.waits_until(parts_.clock.wall() + delay.count());
  publish();
}

// A trouble that repeats at every try is logged once.
void SourceReporter::ended(const Trouble& why) {
  parts_.metrics.connected(gateway_, false);
  if (why.detail == last_logged_) return;
  last_logged_ = why.detail;
  if (why.action) {
    parts_.log.warn("the WebSocket is not available",
                    {{"gateway", gateway_}, {"detail", why.detail}, {"action", *why.action}});
  } else {
    parts_.log.warn("the WebSocket is not available",
                    {{"gateway", gateway_}, {"detail", why.detail}});
  }
}

bool SourceReporter::may_poll() {
  if (arbiter_.fall_back_now(parts_.clock.steady())) {
    parts_.log.info("WS not ready — falling back to REST polling", {{"gateway", gateway_}});
  }
  return arbiter_.may_poll();
}

void SourceReporter::polled(SourceArbiter::Generation asked, fleet::Polled answer,
                            std::optional<std::string> note) {
  if (!arbiter_.poll_succeeded(asked, std::move(note))) return;
  told_ = arbiter_.report();
  answer.connection = told_;
  parts_.sink.submit({gateway_, Source::kRest, parts_.clock.wall(), std::move(answer)});
}

void SourceReporter::poll_failed(SourceArbiter::Generation asked, Trouble why) {
  if (arbiter_.poll_failed(asked, std::move(why))) publish();
}

void SourceReporter::poll_refused(SourceArbiter::Generation asked, Trouble why) {
  if (arbiter_.poll_refused(asked, std::move(why))) publish();
}

void SourceReporter::publish() {
  const ConnectionReport now = arbiter_.report();
  if (told_ && same(*told_, now)) return;
  told_ = now;
  parts_.sink.submit({gateway_, Source::kSystem, parts_.clock.wall(), now});
}

}  // namespace cc::gateway
