#include "api/resources/program/health.h"

#include <algorithm>

#include "base/json_writer.h"

namespace cc::api {
namespace {

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

}  // namespace

Answer HealthResource::alive(const Call& /*call*/) const {
  return json_response(R"({"status":"ok"})");
}

Answer HealthResource::ready(const Call& call) const {
  const auto parts = parts_();
  const bool all_ready = std::ranges::all_of(
      parts, [](const PartState& part) { return part.ready || !decides(part); });
  std::string body;
  JsonWriter out(body);
  out.begin_object().field("status", all_ready ? "ok" : "unavailable");
  if (call.identity) write_parts(out, parts);
  out.end_object();
  return json_response(std::move(body), all_ready ? 200 : 503);
}

}  // namespace cc::api
