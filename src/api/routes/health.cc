#include <algorithm>
#include <array>

#include "api/routes/table.h"
#include "base/json_writer.h"

namespace cc::api::routes {
namespace {

Response alive(Services& /*services*/, const Call& /*call*/) {
  return json_response(R"({"status":"ok"})");
}

bool decides(const PartState& part) {
  return !part.name.starts_with("gateway:");
}

void write_parts(JsonWriter& out, const std::vector<PartState>& parts) {
  out.key("parts").begin_array();
  for (const PartState& part : parts) {
    out.begin_object()
        .field("name", part.name)
        .field("ready", part.ready)
        .field("detail", part.detail)
        .end_object();
  }
  out.end_array();
}

Response ready(Services& services, const Call& call) {
  const auto parts = services.parts ? services.parts() : std::vector<PartState>();
  const bool all_ready = std::ranges::all_of(
      parts, [](const PartState& part) { return part.ready || !decides(part); });
  std::string body;
  JsonWriter out(body);
  out.begin_object().field("status", all_ready ? "ok" : "unavailable");
  if (call.identity) write_parts(out, parts);
  out.end_object();
  return json_response(std::move(body), all_ready ? 200 : 503);
}

constexpr std::array kRoutes{
    Route{Method::kGet, "/healthz", kPublic, alive},
    Route{Method::kGet, "/readyz", kPublic, ready},
};

}  // namespace

std::span<const Route> health() {
  return kRoutes;
}

}  // namespace cc::api::routes
