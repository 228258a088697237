#include "api/resources/journal/stream.h"

#include "api/resources/journal/entry_filter.h"

namespace cc::api {
namespace {

std::optional<std::string> non_empty(std::optional<std::string_view> text) {
  if (!text || text->empty()) return std::nullopt;
  return std::string(*text);
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
  if (const auto fault = find_parameter_fault(call.query, {"after", "types", "gateway"})) {
    return problem(*fault);
  }
  Follow follow{
      .head = head(),
      .start = start_of(call),
      .filter = {.kinds = {}, .gateway = non_empty(find_parameter(call.query, "gateway"))},
      .reader = call.identity.value_or(auth::Identity{})};
  if (const auto types = find_value(call.query, "types")) {
    auto kinds = parse_event_kinds(*types);
    if (!kinds) return problem(ParameterFault{"types", std::string(kTypesForm)});
    follow.filter.kinds = *std::move(kinds);
  }
  return follow;
}

}  // namespace cc::api
