#include <array>

#include "api/query/entry_filter.h"
#include "api/routes/table.h"

namespace cc::api::routes {
namespace {

std::optional<std::string> non_empty(std::optional<std::string_view> text) {
  if (!text || text->empty()) return std::nullopt;
  return std::string(*text);
}

Response follow(Services& services, const Call& call) {
  if (auto fault = find_parameter_fault(call.query, {"after", "types", "gateway"})) {
    return *std::move(fault);
  }
  StreamBody stream{
      .last_event_id = non_empty(call.request.only("Last-Event-ID")),
      .after = non_empty(find_parameter(call.query, "after")),
      .kinds = {},
      .gateway = non_empty(find_parameter(call.query, "gateway")),
      .reader = call.identity.value_or(auth::Identity{}),
      .now = services.published.read([](const fleet::Fleet&, const Cursor& head) { return head; })};
  const auto types = non_empty(find_parameter(call.query, "types"));
  if (types) {
    auto kinds = parse_event_kinds(*types);
    if (!kinds) return parameter_problem("types", kTypesForm);
    stream.kinds = *std::move(kinds);
  }
  Response response{.status = 200, .headers = {}, .body = std::move(stream)};
  return std::move(
      response.with("Content-Type", "text/event-stream").with("X-Accel-Buffering", "no"));
}

constexpr std::array kRoutes{Route{Method::kGet, "/api/v1/stream", kViewer, follow}};

}  // namespace

std::span<const Route> stream() {
  return kRoutes;
}

}  // namespace cc::api::routes
