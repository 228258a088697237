#include "gateway/fallback/source_arbiter.h"

#include <utility>

#include "fleet/state/usage.h"

namespace cc::gateway {

using fleet::ConnectionReport;
using fleet::GatewayState;
using fleet::Source;

namespace {

void tell(ConnectionReport& report, const Trouble& trouble) {
  if (!trouble.detail.empty()) report.detail = trouble.detail;
  report.action = trouble.action;
}

Trouble left_out() {
  const auto& most = fleet::kMostOfOneGateway;
  return {.detail = "This gateway has more than is kept of one gateway (" +
                    std::to_string(most.rows) + " rows, " + std::to_string(most.bytes >> 20U) +
                    " MiB). Its oldest idle sessions are left out, so counts are too low.",
          .action = "Delete sessions of the gateway that nobody needs."};
}

Trouble both(Trouble first, const Trouble& second) {
  if (!first.detail.empty() && !second.detail.empty()) first.detail += ' ';
  first.detail += second.detail;
  return first;
}

}  // namespace

SourceArbiter::SourceArbiter(Configured configured, Millis ws_ready_timeout, SteadyTime now,
                             protocol::SettingNames settings)
    : configured_(configured),
      settings_(std::move(settings)),
      ws_ready_timeout_(ws_ready_timeout),
      ws_(configured.ws ? Ws::kTrying : Ws::kOff),
      before_commit_(ws_),
      polling_(!configured.ws && configured.rest),
      wait_until_(now + ws_ready_timeout) {}

void SourceArbiter::ws_committing(LiveFacts facts) {
  facts_ = std::move(facts);
  if (!ws_holds()) before_commit_ = ws_;
  ws_ = Ws::kCommitting;
  ++generation_;
}

void SourceArbiter::ws_ready() {
  ws_ = Ws::kReady;
  polling_ = false;
  rest_ = Rest::kSilent;
  attempts_ = 0;
}

void SourceArbiter::ws_tries() {
  ++attempts_;
  next_attempt_at_.reset();
}

void SourceArbiter::ws_not_committed() {
  if (ws_ == Ws::kCommitting) ws_ = before_commit_;
}

void SourceArbiter::ws_lost(Trouble why, SteadyTime now) {
  leave(Ws::kLost, std::move(why), now);
}

void SourceArbiter::ws_blocked(Trouble why, SteadyTime now) {
  leave(Ws::kBlocked, std::move(why), now);
}

void SourceArbiter::leave(Ws to, Trouble why, SteadyTime now) {
  if (ws_ == Ws::kReady) wait_until_ = now + ws_ready_timeout_;
  ws_ = to;
  ws_trouble_ = std::move(why);
}

bool SourceArbiter::fall_back_now(SteadyTime now) {
  const auto at = falls_back_at();
  if (!at || now < *at) return false;
  polling_ = true;
  return true;
}

bool SourceArbiter::may_poll() const {
  return polling_ && !ws_holds();
}

std::optional<SteadyTime> SourceArbiter::falls_back_at() const {
  if (polling_ || !configured_.rest || ws_holds()) return std::nullopt;
  return wait_until_;
}

bool SourceArbiter::poll_succeeded(Generation asked, std::optional<std::string> note) {
  return hear(asked, Rest::kAnswers, {std::move(note).value_or(""), std::nullopt});
}

bool SourceArbiter::poll_failed(Generation asked, Trouble why) {
  return hear(asked, Rest::kFails, std::move(why));
}

bool SourceArbiter::poll_refused(Generation asked, Trouble why) {
  return hear(asked, Rest::kRefuses, std::move(why));
}

bool SourceArbiter::hear(Generation asked, Rest rest, Trouble why) {
  if (asked != generation_ || !may_poll()) return false;
  if (!configured_.ws) attempts_ = rest == Rest::kAnswers ? 0 : attempts_ + 1;
  rest_ = rest;
  rest_trouble_ = std::move(why);
  return true;
}

ConnectionReport SourceArbiter::report() const {
  ConnectionReport report = ws_holds() ? live_report() : fall_back_report();
  if (facts_.protocol != 0) {
    report.protocol = facts_.protocol;
    report.server_version = facts_.server_version;
  }
  if (too_many_ && !report.detail && fleet::speaks(report.state)) tell(report, left_out());
  return report;
}

ConnectionReport SourceArbiter::live_report() const {
  ConnectionReport report;
  report.state = GatewayState::kLive;
  report.source = Source::kWs;
  report.connected_at = facts_.connected_at;
  report.can = facts_.can;
  if (facts_.warning) tell(report, *facts_.warning);
  return report;
}

ConnectionReport SourceArbiter::fall_back_report() const {
  ConnectionReport report;
  report.attempts = attempts_;
  report.next_attempt_at = next_attempt_at_;
  if (rest_ == Rest::kAnswers) report.source = Source::kRest;
  if (ws_ == Ws::kBlocked) {
    report.state = GatewayState::kBlocked;
    tell(report, ws_trouble_);
  } else if (rest_ == Rest::kRefuses) {
    report.state = GatewayState::kBlocked;
    tell(report, rest_trouble_);
  } else if (rest_ == Rest::kAnswers) {
    report.state = GatewayState::kPolling;
    tell(report, both(ws_trouble_, rest_trouble_));
  } else if (ws_ == Ws::kLost) {
    report.state = GatewayState::kOffline;
    tell(report, ws_trouble_);
  } else if (rest_ == Rest::kFails) {
    report.state = GatewayState::kOffline;
    tell(report, rest_trouble_);
  } else if (!configured_.ws && !configured_.rest) {
    report.state = GatewayState::kOffline;
    report.detail = "Neither a WebSocket nor a REST address is configured for this gateway.";
    report.action = "Set " + settings_.ws_url + " or " + settings_.rest_url + ".";
  }
  return report;
}

}  // namespace cc::gateway
