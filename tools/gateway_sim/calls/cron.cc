// The simulated gateway has no jobs.
#include "gateway_sim/calls/subjects.h"

namespace cc::sim {
namespace {

using enum Kind;

Answer list(const Call& /*call*/) {
  return R"({"jobs":[],"total":0,"offset":0,"limit":50,"hasMore":false,"nextOffset":null,"deliveryPreviews":{}})";
}

Answer status(const Call& /*call*/) {
  return R"({"enabled":true,"storePath":"/home/user/.openclaw/cron/jobs.json","jobs":0,"nextWakeAtMs":null})";
}

constexpr std::array kList{
    Member{"includeDisabled", kBool},
    Member{"limit", kInteger},
    Member{"offset", kInteger},
    Member{"query", kString},
};

constexpr std::array kMethods{
    Method{"cron.list", kRead, kList, list},
    Method{"cron.status", kRead, {}, status},
};

}  // namespace

Methods cron_methods() {
  return kMethods;
}

}  // namespace cc::sim
