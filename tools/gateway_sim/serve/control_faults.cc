#include <boost/json.hpp>

#include "gateway_sim/bad_frames.h"
#include "gateway_sim/door/params.h"
#include "gateway_sim/serve/control.h"

namespace cc::sim {
namespace {

constexpr std::string_view kOk = R"({"ok":true})";
constexpr std::size_t kHugeFrame = 30U * 1024 * 1024;

std::optional<int> times(const boost::json::object& body) {
  const auto count = maybe_integer(body, "count");
  if (!count) return std::nullopt;
  return static_cast<int>(*count);
}

Millis millis(const boost::json::object& body, std::string_view name, std::int64_t fallback) {
  return Millis{maybe_integer(body, name).value_or(fallback)};
}

std::string known_refusals() {
  std::string names;
  for (const std::string_view name : refusal_names())
    names += (names.empty() ? "" : ", ") + std::string(name);
  return names;
}

/// What the request says differently from the named refusal.
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

}  // namespace

/// Those that last; the rest strike once.
Control::Reply Control::fault(const Body& body) {
  const std::string kind = text_of(body, "kind");
  Faults& faults = gateway_.faults();
  if (kind == "none") {
    faults.clear();
  } else if (kind == "hang") {
    faults.hanging = true;
    for (Peer* peer : gateway_.peers()) peer->hang();
  } else if (kind == "mute") {
    faults.mute = true;
  } else if (kind == "slow") {
    faults.slow = millis(body, "ms", 1000);
    faults.slow_method = text_of(body, "method");
  } else if (kind == "refuse") {
    return refuse(body);
  } else if (kind == "starting") {
    faults.starting_until = gateway_.now() + millis(body, "ms", 5000).count();
  } else if (kind == "http-status") {
    faults.http_status.set(static_cast<int>(maybe_integer(body, "status").value_or(503)),
                           times(body));
  } else if (kind == "rest-status") {
    faults.rest_status.set(static_cast<int>(maybe_integer(body, "status").value_or(503)),
                           times(body));
  } else if (kind == "moving-total") {
    faults.moving_total.set(true, times(body));
  } else {
    return strike(kind, body);
  }
  return std::string(kOk);
}

Control::Reply Control::refuse(const Body& body) {
  const std::string name = text_of(body, "error", "unavailable");
  std::optional<Refusal> refusal = refusal_named(name, gateway_.protocol());
  if (!refusal) return std::unexpected("\"error\" is one of " + known_refusals());
  adjust(*refusal, body);
  gateway_.faults().refuse.set(*refusal, times(body));
  return std::string(kOk);
}

void Control::send_to_all(const Event& event) {
  for (Peer* peer : gateway_.peers()) peer->deliver(event);
}

Control::Reply Control::strike(std::string_view kind, const Body& body) {
  const auto each = [this](const auto& act) {
    for (Peer* peer : gateway_.peers()) act(*peer);
  };
  if (kind == "drop") {
    each([](Peer& peer) { peer.drop(); });
  } else if (kind == "close") {
    const auto code = static_cast<std::uint16_t>(maybe_integer(body, "code").value_or(1011));
    each([&](Peer& peer) { peer.close(code, text_of(body, "reason")); });
  } else if (kind == "garbage") {
    each([](Peer& peer) { peer.send_text(garbage()); });
  } else if (kind == "oversized") {
    const auto bytes = maybe_integer(body, "bytes").value_or(static_cast<std::int64_t>(kHugeFrame));
    send_to_all(oversized(static_cast<std::size_t>(bytes)));
  } else if (kind == "gap") {
    const auto skipped = static_cast<std::uint64_t>(maybe_integer(body, "skip").value_or(3));
    each([&](Peer& peer) { peer.skip(skipped); });
  } else if (kind == "wrong-types") {
    gateway_.faults().wrong_types.set(true, times(body).value_or(1));
    send_to_all(wrong_types());
  } else if (kind == "broken-text") {
    if (truth_of(body, "raw")) {
      each([](Peer& peer) { peer.send_text(broken_bytes()); });
    } else {
      send_to_all(broken_text());
    }
  } else if (kind == "dup-keys") {
    send_to_all(doubled_members());
  } else if (kind == "deep") {
    send_to_all(nested(static_cast<std::size_t>(maybe_integer(body, "depth").value_or(100'000))));
  } else if (kind == "restart") {
    const auto expected = maybe_integer(body, "expectedMs");
    restart_(millis(body, "ms", 2000), millis(body, "startingMs", 0),
             expected ? std::to_string(*expected) : "");
  } else {
    return std::unexpected(
        "\"kind\" is none, hang, mute, slow, refuse, starting, http-status, rest-status, "
        "moving-total, drop, close, "
        "garbage, oversized, gap, wrong-types, broken-text, dup-keys, deep or restart");
  }
  return std::string(kOk);
}

}  // namespace cc::sim
