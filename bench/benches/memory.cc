// What sessions and readers cost in memory.

#include <algorithm>

#include "bench/benches/seeded_server.h"
#include "bench/benches/sizes.h"
#include "bench/load/readers.h"
#include "bench/report/stats.h"

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
  ControlCenter server(server_on(setting, seed));
  const Memory before = memory_of(server.pid());
  const auto [request, head] = server.place();
  const Readers readers({.count = count, .port = server.port(), .request = request, .after = head});
  const Memory after = memory_of(server.pid());
  return {.started = before.anonymous,
          .resident = after.resident,
          .per_reader = (after.anonymous - before.anonymous) / static_cast<double>(count)};
}

/// The same agents with many sessions and with next to none: what lies between the two is the
/// sessions'.
struct Seeds {
  explicit Seeds(const Setting& setting)
      : large(make_seed(setting.scratch, size_of(setting))),
        small(make_seed(
            setting.scratch,
            {.agents = large.size.agents, .sessions = large.size.agents, .entries = 1'000})),
        empty(make_seed(setting.scratch, kNextToNothing)) {}

  Seed large;
  Seed small;
  Seed empty;
};

/// A figure of each round.
struct Rounds {
  std::vector<double> per_session;  // above the session's text
  std::vector<double> per_reader;
  std::vector<double> resident;
};

void add_round(Rounds& rounds, const Setting& setting, const Seeds& seeds, std::size_t readers) {
  const Measured large = measure(setting, seeds.large, readers);
  const double base = measure(setting, seeds.small, 1).started;
  const auto sessions = static_cast<double>(seeds.large.size.sessions - seeds.small.size.sessions);
  rounds.per_session.push_back((large.started - base) / sessions -
                               seeds.large.text_bytes_per_session);
  rounds.per_reader.push_back(measure(setting, seeds.empty, readers).per_reader);
  rounds.resident.push_back(large.resident);
}

Row row_of(const Rounds& rounds, const Seed& seed, std::size_t readers) {
  return {{"sessions", static_cast<double>(seed.size.sessions)},
          {"agents", static_cast<double>(seed.size.agents)},
          {"readers", static_cast<double>(readers)},
          {"resident_bytes", median(rounds.resident)},
          {"text_bytes_per_session", seed.text_bytes_per_session},
          {"bytes_per_session_above_text", median(rounds.per_session)},
          {"bytes_per_reader", median(rounds.per_reader)}};
}

Goal judge(std::string goal, double most, const std::vector<double>& rounds) {
  return explained(at_most(std::move(goal), most, median(rounds)),
                   from_to(rounds, 0) + " from round to round");
}

}  // namespace

double started_bytes(const Setting& setting, const Seed& seed) {
  return measure(setting, seed, 1).started;
}

Report memory(const Setting& setting) {
  const Seeds seeds(setting);
  const std::size_t readers = setting.brief ? kBriefReaders : kReaders;
  Rounds rounds;
  for (int round = 0; round < setting.rounds; ++round) add_round(rounds, setting, seeds, readers);
  Report report{.name = "memory", .rows = {row_of(rounds, seeds.large, readers)}};
  report.notes.emplace_back(
      "anonymous memory of the process, so heap and stacks; the kernel's socket "
      "buffers are not in it. Per reader: beside a fleet of next to nothing");
  report.noise = std::max(spread(rounds.per_session), spread(rounds.per_reader));
  if (setting.brief) return report;
  report.goals = {judge("bytes per session above its text", 250, rounds.per_session),
                  judge("bytes per reader in user space", 5'000, rounds.per_reader)};
  return report;
}

}  // namespace cc::bench
