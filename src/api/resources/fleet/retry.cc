#include "api/resources/fleet/retry.h"

#include "api/resources/fleet/published_rows.h"

namespace cc::api {
namespace {

std::optional<Taken<fleet::Gateway>> take_gateway(const fleet::Fleet& fleet,
                                                  std::string_view name) {
  const auto* shard = fleet.shard(name);
  if (shard == nullptr || !shard->gateway) return std::nullopt;
  return Taken<fleet::Gateway>{shard->gateway, speaks(*shard)};
}

}  // namespace

Answer RetryResource::now(const Call& call) const {
  if (const auto fault = find_parameter_fault(call.query, {})) return problem(*fault);
  const std::string& name = call.captured[0];
  const auto gateway = published_.read(
      [&](const fleet::Fleet& fleet, const Cursor&) { return take_gateway(fleet, name); });
  if (!gateway) return problem(404, "There is no such gateway.");
  if (gateway->row->state == fleet::GatewayState::kLive) {
    return problem(409, "The gateway is connected: there is nothing to try.");
  }
  log_.info("the gateway is tried now", {{"gateway", name}, {"by", call.identity->name}});
  retry_(name);
  std::string body;
  JsonWriter out(body);
  encode_taken(out, *gateway);
  return json_response(std::move(body), 202);
}

}  // namespace cc::api
