// What sessions and readers cost in memory.

#include <algorithm>

#include "bench/benches/sizes.h"
#include "bench/load/readers.h"
#include "bench/report/stats.h"
#include "bench/subject/control_center.h"

namespace cc::bench {
namespace {

constexpr std::size_t kReaders = 1'000;
/// What readers take would fit into what reading a large fleet has left free.
constexpr FleetSize kNextToNothing{.agents = 10, .sessions = 10, .entries = 100};
constexpr std::size_t kBriefReaders = 10;

struct Measured {
  double started = 0;
  double resident = 0;
  double per_reader = 0;
};

Measured measure(const Setting& setting, const Seed& seed, std::size_t count) {
  ControlCenter server({.program = setting.server(),
                        .data_dir = seed.data_dir,
                        .configuration = seed.data_dir / "gateways.toml",
                        .gateway_url = {},
                        .gateway_token = {}});
  const Memory before = memory_of(server.pid());
  const auto [request, head] = server.place();
  const Readers readers({.count = count, .port = server.port(), .request = request, .after = head});
  const Memory after = memory_of(server.pid());
  return {.started = before.anonymous,
          .resident = after.resident,
          .per_reader = (after.anonymous - before.anonymous) / static_cast<double>(count)};
}

}  // namespace

double started_bytes(const Setting& setting, const Seed& seed) {
  return measure(setting, seed, 1).started;
}

Report memory(const Setting& setting) {
  const FleetSize size = size_of(setting);
  // The same agents and next to no sessions: what lies between the two is the sessions'.
  const FleetSize small{.agents = size.agents, .sessions = size.agents, .entries = 1'000};
  const Seed large_seed = make_seed(setting.scratch, size);
  const Seed small_seed = make_seed(setting.scratch, small);
  const Seed empty_seed = make_seed(setting.scratch, kNextToNothing);
  const std::size_t readers = setting.brief ? kBriefReaders : kReaders;
  std::vector<double> per_session;
  std::vector<double> per_reader;
  std::vector<double> resident;
  for (int round = 0; round < setting.rounds; ++round) {
    const Measured large = measure(setting, large_seed, readers);
    const double base = measure(setting, small_seed, 1).started;
    per_session.push_back((large.started - base) /
                              static_cast<double>(size.sessions - small.sessions) -
                          large_seed.text_bytes_per_session);
    per_reader.push_back(measure(setting, empty_seed, readers).per_reader);
    resident.push_back(large.resident);
  }
  Report report{
      .name = "memory",
      .rows = {{{"sessions", static_cast<double>(size.sessions)},
                {"agents", static_cast<double>(size.agents)},
                {"readers", static_cast<double>(readers)},
                {"resident_bytes", median(resident)},
                {"text_bytes_per_session", large_seed.text_bytes_per_session},
                {"bytes_per_session_above_text", median(per_session)},
                {"bytes_per_reader", median(per_reader)}}},
      .goals = {},
      .notes = {"anonymous memory of the process, so heap and stacks; the kernel's socket "
                "buffers are not in it. Per reader: beside a fleet of next to nothing"},
      .noise = std::max(spread(per_session), spread(per_reader)),
      .plots = {}};
  if (!setting.brief) {
    const auto judge = [&](std::string goal, double most, const std::vector<double>& rounds) {
      report.goals.push_back(explained(at_most(std::move(goal), most, median(rounds)),
                                       from_to(rounds, 0) + " from round to round"));
    };
    judge("bytes per session above its text", 250, per_session);
    judge("bytes per reader in user space", 5'000, per_reader);
  }
  return report;
}

}  // namespace cc::bench
