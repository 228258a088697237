#include "api/resources/journal/stream.h"

#include "api/resources/journal/entry_filter.h"

namespace cc::api {
namespace {

std::optional<std::string> non_empty(std::optional<std::string_view> text) {
  if (!text || text->empty()) return std::nullopt;
  return std::string(*text);
}

constexpr std::int64_t kSlowestHeartbeat = 15;
constexpr auto kHeartbeatForm =
    "The parameter 'heartbeat' must be a whole number of seconds from 1 to 15.";

std::optional<Millis> parse_heartbeat(std::string_view text) {
  const auto seconds = parse_whole(text).value_or(0);
  if (seconds < 1 || seconds > kSlowestHeartbeat) return std::nullopt;
  return std::chrono::seconds(seconds);
}

Response head() {
  Response response{.status = 200, .headers = {}, .body = OpenBody{}};
  return std::move(
      response.with("Content-Type", "text/event-stream").with("X-Accel-Buffering", "no"));
}

}  // namespace

/// Decided before the head is written: a client that loads the fleet as soon as it sees the head is
/// told of all that comes later.
journal::StartPoint StreamResource::start_of(const Call& call) const {
  return journal::start_from(
      call.request.only("Last-Event-ID"), find_parameter(call.query, "after"),
      published_.read([](const fleet::Fleet&, const Cursor& head) { return head; }));
}

Answer StreamResource::follow(const Call& call) const {
  if (const auto fault =
          find_parameter_fault(call.query, {"after", "types", "gateway", "heartbeat"})) {
    return problem(*fault);
  }
  Follow follow{.head = head(),
                .wanted = {.start = start_of(call),
                           .filter = {.kinds = {},
                                      .gateway = non_empty(find_parameter(call.query, "gateway"))}},
                .reader = call.identity.value_or(auth::Identity{})};
  if (const auto types = find_value(call.query, "types")) {
    auto kinds = parse_event_kinds(*types);
    if (!kinds) return problem(ParameterFault{"types", std::string(kTypesForm)});
    follow.wanted.filter.kinds = *std::move(kinds);
  }
  if (const auto seconds = find_value(call.query, "heartbeat")) {
    follow.wanted.heartbeat = parse_heartbeat(*seconds);
    if (!follow.wanted.heartbeat) return problem(ParameterFault{"heartbeat", kHeartbeatForm});
  }
  return follow;
}

}  // namespace cc::api
