#include "api/resources/fleet/activity.h"

#include <numeric>

#include "base/json_writer.h"

namespace cc::api {
namespace {

using fleet::Activity;

/// Empty where it is no number of minutes that is kept.
std::optional<std::size_t> parse_minutes(std::string_view text) {
  const auto minutes = static_cast<std::size_t>(parse_whole(text).value_or(0));
  return minutes >= 1 && minutes <= Activity::kBuckets ? std::optional(minutes) : std::nullopt;
}

void write_buckets(JsonWriter& out, std::string_view name,
                   const std::vector<std::uint32_t>& buckets) {
  out.key(name).begin_array();
  for (const auto count : buckets) out.value(static_cast<std::uint64_t>(count));
  out.end_array();
}

void write_item(JsonWriter& out, const Activity::Item& item) {
  out.begin_object().field("gateway", item.gateway).field("id", item.id);
  write_buckets(out, "counts", item.counts);
  write_buckets(out, "done", item.done);
  write_buckets(out, "failed", item.failed);
  out.end_object();
}

std::uint64_t failures_in(const Activity::Window& window) {
  std::uint64_t failures = 0;
  for (const auto& item : window.items) {
    failures += std::accumulate(item.failed.begin(), item.failed.end(), std::uint64_t{0});
  }
  return failures;
}

Response page_response(const Activity::Window& window) {
  std::string body;
  JsonWriter out(body);
  out.begin_object()
      .field("bucketMs", static_cast<std::int64_t>(Activity::kBucket.count()))
      .field("from", window.from)
      .field("cursor", window.cursor.text())
      .field("failed", failures_in(window));
  out.key("items").begin_array();
  for (const auto& item : window.items) write_item(out, item);
  out.end_array().end_object();
  return json_response(std::move(body));
}

}  // namespace

Answer ActivityResource::show(const Call& call) const {
  if (const auto fault = find_parameter_fault(call.query, {"minutes", "gateway", "agent"})) {
    return problem(*fault);
  }
  Activity::Wanted wanted;
  if (const auto text = find_parameter(call.query, "minutes")) {
    const auto minutes = parse_minutes(*text);
    if (!minutes) {
      return problem(
          ParameterFault{"minutes", "The parameter 'minutes' must be a whole number from 1 to " +
                                        std::to_string(Activity::kBuckets) + "."});
    }
    wanted.minutes = *minutes;
  }
  if (const auto gateway = find_parameter(call.query, "gateway")) wanted.gateway = *gateway;
  if (const auto agents = find_parameter(call.query, "agent")) {
    for (auto& id : split_list(*agents)) wanted.agents.insert(std::move(id));
  }
  return page_response(activity_.window(clock_.wall(), wanted));
}

}  // namespace cc::api
