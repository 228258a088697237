#include <array>

#include "api/routes/table.h"

namespace cc::api::routes {
namespace {

std::optional<std::string> non_empty(std::optional<std::string_view> text) {
  if (!text || text->empty()) return std::nullopt;
  return std::string(*text);
}

/// Adds the kinds named in `types`; whether all of them are kinds. `reset` always arrives, so
/// naming it is harmless.
bool add_kinds(std::string_view types, std::set<fleet::EventKind>& kinds) {
  for (const std::string& word : split_list(types)) {
    const auto kind = fleet::parse_event_kind(word);
    if (!kind && word != "reset") return false;
    if (kind) kinds.insert(*kind);
  }
  return !kinds.empty();
}

Response follow(Services& /*services*/, const Call& call) {
  if (auto fault = find_parameter_fault(call.query, {"after", "types", "gateway"})) {
    return *std::move(fault);
  }
  StreamBody stream{.last_event_id = non_empty(call.request.only("Last-Event-ID")),
                    .after = non_empty(find_parameter(call.query, "after")),
                    .kinds = {},
                    .gateway = non_empty(find_parameter(call.query, "gateway")),
                    .reader = call.identity.value_or(auth::Identity{})};
  const auto types = non_empty(find_parameter(call.query, "types"));
  if (types && !add_kinds(*types, stream.kinds)) {
    return parameter_problem("types", "The parameter 'types' names kinds of events, with commas.");
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
