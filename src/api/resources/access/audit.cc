#include "api/resources/access/audit.h"

#include "base/json_writer.h"

namespace cc::api {
namespace {

constexpr std::int64_t kUsualLimit = 100;
constexpr std::int64_t kHighestLimit = 1000;

Response page_response(const std::vector<auth::AuditEntry>& entries, std::size_t limit) {
  std::string body;
  JsonWriter out(body);
  out.begin_object().key("items").begin_array();
  for (const auto& entry : entries) out.raw(auth::to_json(entry));
  const bool full = entries.size() == limit && entries.back().id > 1;
  out.end_array()
      .field("next", full ? std::optional(entries.back().id) : std::nullopt)
      .end_object();
  return json_response(std::move(body));
}

}  // namespace

Answer AuditResource::list(const Call& call) const {
  if (const auto fault = find_parameter_fault(call.query, {"limit", "before"})) {
    return problem(*fault);
  }
  const auto asked = find_parameter(call.query, "limit");
  const auto limit = asked ? parse_whole(*asked).value_or(0) : kUsualLimit;
  if (limit < 1 || limit > kHighestLimit) {
    return problem(
        ParameterFault{"limit", "The parameter 'limit' must be a number from 1 to 1000."});
  }
  std::optional<std::uint64_t> before;
  if (const auto place = find_parameter(call.query, "before")) {
    const auto id = parse_whole(*place).value_or(0);
    if (id < 1) {
      return problem(ParameterFault{"before", "The parameter 'before' must be what 'next' gave."});
    }
    before = static_cast<std::uint64_t>(id);
  }
  const auto entries = audit_.read(before, static_cast<std::size_t>(limit));
  if (!entries) return problem(503, entries.error().message);
  return page_response(*entries, static_cast<std::size_t>(limit));
}

}  // namespace cc::api
