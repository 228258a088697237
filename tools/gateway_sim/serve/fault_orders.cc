// Faults: those that last, and those that strike once.
#include <algorithm>
#include <array>

#include <boost/json.hpp>

#include "gateway_sim/bad_frames.h"
#include "gateway_sim/door/params.h"
#include "gateway_sim/serve/orders.h"

namespace cc::sim {
namespace {

constexpr std::int64_t kHugeFrame = 30LL * 1024 * 1024;

std::optional<int> times(const Order& order) {
  const auto count = maybe_integer(order.body, "count");
  if (!count) return std::nullopt;
  return static_cast<int>(*count);
}

std::int64_t number(const Order& order, std::string_view name, std::int64_t fallback) {
  return maybe_integer(order.body, name).value_or(fallback);
}

Millis millis(const Order& order, std::string_view name, std::int64_t fallback) {
  return Millis{number(order, name, fallback)};
}

template <class Act>
Reply to_each(const Order& order, const Act& act) {
  for (Peer* peer : order.gateway.peers()) act(*peer);
  return done();
}

Reply send_to_all(const Order& order, const Event& event) {
  return to_each(order, [&](Peer& peer) { peer.deliver(event); });
}

Reply none(const Order& order) {
  order.gateway.faults().clear();
  return done();
}

Reply hang(const Order& order) {
  order.gateway.faults().hanging = true;
  return to_each(order, [](Peer& peer) { peer.hang(); });
}

Reply mute(const Order& order) {
  order.gateway.faults().mute = true;
  return done();
}

Reply slow(const Order& order) {
  order.gateway.faults().slow = millis(order, "ms", 1000);
  order.gateway.faults().slow_method = text_of(order.body, "method");
  return done();
}

/// What the order says differently from the named refusal.
void adjust(Refusal& refusal, const boost::json::object& body) {
  refusal.code = text_of(body, "code", refusal.code);
  refusal.message = text_of(body, "message", refusal.message);
  if (const auto* details = body.if_contains("details"))
    refusal.details = boost::json::serialize(*details);
  if (const auto after = maybe_integer(body, "retryAfterMs")) {
    refusal.retryable = true;
    refusal.retry_after_ms = after;
  }
  if (const auto code = maybe_integer(body, "closeCode"))
    refusal.close_code = static_cast<std::uint16_t>(*code);
  refusal.close_reason = text_of(body, "closeReason", refusal.close_reason);
}

std::string known_refusals() {
  std::string names;
  for (const std::string_view name : refusal_names())
    names += (names.empty() ? "" : ", ") + std::string(name);
  return names;
}

Reply refuse(const Order& order) {
  const std::string name = text_of(order.body, "error", "unavailable");
  std::optional<Refusal> refusal = refusal_named(name, order.gateway.protocol());
  if (!refusal) return wrong("\"error\" is one of " + known_refusals());
  adjust(*refusal, order.body);
  order.gateway.faults().refuse.set(*refusal, times(order));
  return done();
}

Reply starting(const Order& order) {
  order.gateway.faults().starting_until = order.gateway.now() + millis(order, "ms", 5000).count();
  return done();
}

Reply http_status(const Order& order) {
  const int status = static_cast<int>(number(order, "status", 503));
  order.gateway.faults().http_status.set(status, times(order));
  return done();
}

Reply rest_status(const Order& order) {
  const int status = static_cast<int>(number(order, "status", 503));
  order.gateway.faults().rest_status.set(status, times(order));
  return done();
}

Reply moving_total(const Order& order) {
  order.gateway.faults().moving_total.set(true, times(order));
  return done();
}

Reply lossy_events(const Order& order) {
  const auto percent = [&](std::string_view name) {
    return static_cast<unsigned>(std::clamp<std::int64_t>(number(order, name, 0), 0, 100));
  };
  order.gateway.faults().events = {.drop = percent("drop"),
                                   .delay = percent("delay"),
                                   .twice = percent("double"),
                                   .reorder = percent("reorder"),
                                   .longest = millis(order, "ms", 2000)};
  return done();
}

template <CallFault::Kind kind>
Reply call_fault(const Order& order) {
  CallFault fault{.kind = kind, .method = text_of(order.body, "method"), .refusal = {}};
  fault.refusal.code = "INVALID_REQUEST";
  fault.refusal.message = "refused by the simulator";
  adjust(fault.refusal, order.body);
  order.gateway.faults().calls.set(std::move(fault), times(order).value_or(1));
  return done();
}

Reply expire_approvals(const Order& order) {
  order.gateway.expire_all_approvals();
  return done();
}

Reply drop(const Order& order) {
  return to_each(order, [](Peer& peer) { peer.drop(); });
}

Reply close_all(const Order& order) {
  const auto code = static_cast<std::uint16_t>(number(order, "code", 1011));
  return to_each(order, [&](Peer& peer) { peer.close(code, text_of(order.body, "reason")); });
}

Reply send_garbage(const Order& order) {
  return to_each(order, [](Peer& peer) { peer.send_text(garbage()); });
}

Reply send_oversized(const Order& order) {
  return send_to_all(order,
                     oversized(static_cast<std::size_t>(number(order, "bytes", kHugeFrame))));
}

Reply gap(const Order& order) {
  const auto skipped = static_cast<std::uint64_t>(number(order, "skip", 3));
  return to_each(order, [&](Peer& peer) { peer.skip(skipped); });
}

Reply send_wrong_types(const Order& order) {
  order.gateway.faults().wrong_types.set(true, times(order).value_or(1));
  return send_to_all(order, wrong_types());
}

Reply send_broken_text(const Order& order) {
  if (!truth_of(order.body, "raw")) return send_to_all(order, broken_text());
  return to_each(order, [](Peer& peer) { peer.send_text(broken_bytes()); });
}

Reply send_doubled_members(const Order& order) {
  return send_to_all(order, doubled_members());
}

Reply send_nested(const Order& order) {
  return send_to_all(order, nested(static_cast<std::size_t>(number(order, "depth", 100'000))));
}

Reply restart(const Order& order) {
  const auto expected = maybe_integer(order.body, "expectedMs");
  order.restart(millis(order, "ms", 2000), millis(order, "startingMs", 0),
                expected ? std::to_string(*expected) : "");
  return done();
}

struct Fault {
  std::string_view kind;
  Reply (*act)(const Order&);
};

constexpr std::array kFaults{
    Fault{"none", none},
    // These last.
    Fault{"hang", hang},
    Fault{"mute", mute},
    Fault{"slow", slow},
    Fault{"refuse", refuse},
    Fault{"starting", starting},
    Fault{"http-status", http_status},
    Fault{"rest-status", rest_status},
    Fault{"moving-total", moving_total},
    Fault{"events", lossy_events},
    // These are of the next call, or the next `count`, of `method`.
    Fault{"refuse-call", call_fault<CallFault::Kind::kRefused>},
    Fault{"drop-before", call_fault<CallFault::Kind::kDropBefore>},
    Fault{"drop-after", call_fault<CallFault::Kind::kDropAfter>},
    Fault{"lose-answer", call_fault<CallFault::Kind::kLost>},
    Fault{"twice", call_fault<CallFault::Kind::kTwice>},
    Fault{"race", call_fault<CallFault::Kind::kRaced>},
    // These strike once.
    Fault{"drop", drop},
    Fault{"close", close_all},
    Fault{"garbage", send_garbage},
    Fault{"oversized", send_oversized},
    Fault{"gap", gap},
    Fault{"wrong-types", send_wrong_types},
    Fault{"broken-text", send_broken_text},
    Fault{"dup-keys", send_doubled_members},
    Fault{"deep", send_nested},
    Fault{"restart", restart},
    Fault{"expire-approvals", expire_approvals},
};

/// "none, hang, … or restart"
std::string known_kinds() {
  std::string kinds;
  for (const Fault& fault : kFaults) {
    const bool last = &fault == &kFaults.back();
    kinds += (kinds.empty() ? "" : last ? " or " : ", ") + std::string(fault.kind);
  }
  return kinds;
}

}  // namespace

Reply order_fault(const Order& order) {
  const std::string kind = text_of(order.body, "kind");
  for (const Fault& fault : kFaults) {
    if (fault.kind == kind) return fault.act(order);
  }
  return wrong("\"kind\" is " + known_kinds());
}

}  // namespace cc::sim
