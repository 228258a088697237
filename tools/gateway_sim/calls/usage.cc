// What runs have cost: always nothing, of any number of days.
#include "gateway_sim/calls/subjects.h"
#include "gateway_sim/json.h"

namespace cc::sim {
namespace {

using enum Kind;

Answer cost(const Call& call) {
  return object_with([&](JsonWriter& json) {
    json.field("updatedAt", call.gateway.now())
        .field("days", maybe_integer(call.params, "days").value_or(30));
    json.raw(
        R"("daily":[],"totals":{"input":0,"output":0,"totalTokens":0,"totalCost":0,"missingCostEntries":0})");
  });
}

constexpr std::array kCost{
    Member{"days", kInteger},
    Member{"startDate", kString},
    Member{"endDate", kString},
};

constexpr std::array kMethods{Method{"usage.cost", kRead, kCost, cost}};

}  // namespace

Methods usage_methods() {
  return kMethods;
}

}  // namespace cc::sim
