#include "api/resources/gateway/reads.h"

#include "api/query/list_query.h"
#include "base/json_writer.h"

namespace cc::api {
namespace {

using fleet::Reading;

Response unread(const Error& error) {
  switch (error.code) {
    case ErrorCode::kInvalid: return problem(400, error.message);
    case ErrorCode::kRefused: return problem(409, error.message);
    default: return problem(503, error.message);
  }
}

Response object_of(const std::string& members, const std::optional<std::string>& cursor) {
  std::string body = "{" + members;
  if (cursor) {
    body += ',';
    JsonWriter(body).field("cursor", *cursor);
  }
  body += '}';
  return json_response(std::move(body));
}

}  // namespace

Answer ReadsResource::ask(std::string gateway, Reading what, bool with_cursor) const {
  std::optional<std::string> cursor;
  const bool known = published_.read([&](const fleet::Fleet& fleet, const Cursor& head) {
    if (with_cursor) cursor = head.text();
    return fleet.gateway(gateway) != nullptr;
  });
  if (!known) return problem(404, "There is no such gateway.");
  return Later{[read = read_, gateway = std::move(gateway), what = std::move(what),
                cursor](std::function<void(Response)> done) {
    read(gateway, what, [cursor, done = std::move(done)](const Result<std::string>& members) {
      done(members ? object_of(*members, cursor) : unread(members.error()));
    });
  }};
}

Answer ReadsResource::messages(const Call& call) const {
  if (const auto fault = find_parameter_fault(call.query, {"before", "limit"})) {
    return problem(*fault);
  }
  Reading what{.of = Reading::Of::kMessages, .id = call.captured[1]};
  if (const auto text = find_parameter(call.query, "limit")) {
    const auto limit = parse_limit(*text);
    if (!limit) return problem(limit.error());
    what.limit = static_cast<int>(std::min<std::size_t>(*limit, 200));
  }
  what.before = find_value(call.query, "before").value_or("");
  return ask(call.captured[0], std::move(what), false);
}

Answer ReadsResource::cron_runs(const Call& call) const {
  if (const auto fault = find_parameter_fault(call.query, {})) return problem(*fault);
  return ask(call.captured[0], {.of = Reading::Of::kCronRuns, .id = call.captured[1]}, true);
}

Answer ReadsResource::of_gateway(const Call& call, Reading::Of of) const {
  if (const auto fault = find_parameter_fault(call.query, {"gateway"})) return problem(*fault);
  const auto gateway = find_value(call.query, "gateway");
  if (!gateway) {
    return problem(ParameterFault{"gateway", "The parameter 'gateway' must name a gateway."});
  }
  return ask(std::string(*gateway), {.of = of}, true);
}

Answer ReadsResource::devices(const Call& call) const {
  return of_gateway(call, Reading::Of::kDevices);
}

Answer ReadsResource::models(const Call& call) const {
  return of_gateway(call, Reading::Of::kModels);
}

}  // namespace cc::api
