// Who came in and who did not; for an admin.

#include <array>
#include <charconv>

#include "api/routes/table.h"
#include "base/json_writer.h"

namespace cc::api::routes {
namespace {

constexpr std::uint64_t kUsualLimit = 100;
constexpr std::uint64_t kHighestLimit = 1000;

/// A whole number from 1 on; nullopt where it is something else.
std::optional<std::uint64_t> positive(std::string_view text) {
  std::uint64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size() || number < 1) {
    return std::nullopt;
  }
  return number;
}

Response list(Services& services, const Call& call) {
  if (auto fault = find_parameter_fault(call.query, {"limit", "before"})) return *std::move(fault);
  const auto asked = find_parameter(call.query, "limit");
  const auto limit = asked ? positive(*asked) : std::optional(kUsualLimit);
  if (!limit || *limit > kHighestLimit) {
    return parameter_problem("limit", "The parameter 'limit' must be a number from 1 to 1000.");
  }
  const auto place = find_parameter(call.query, "before");
  const auto before = place ? positive(*place) : std::nullopt;
  if (place && !before) {
    return parameter_problem("before", "The parameter 'before' must be what 'next' gave.");
  }
  const auto entries = services.audit.read(before, *limit);
  if (!entries) return problem(503, entries.error().message);
  std::string body;
  JsonWriter out(body);
  out.begin_object().key("items").begin_array();
  for (const auto& entry : *entries) out.raw(auth::to_json(entry));
  const bool full = entries->size() == *limit && entries->back().id > 1;
  out.end_array()
      .field("next", full ? std::optional(entries->back().id) : std::nullopt)
      .end_object();
  return json_response(std::move(body));
}

constexpr std::array kRoutes{Route{Method::kGet, "/api/v1/audit", kAdmin, list}};

}  // namespace

std::span<const Route> audit() {
  return kRoutes;
}

}  // namespace cc::api::routes
