// From exec to the first answer, with a large fleet in the database.

#include <algorithm>

#include <fmt/format.h>

#include "bench/benches/bare_read.h"
#include "bench/benches/seeded_server.h"
#include "bench/benches/sizes.h"
#include "bench/report/stats.h"

namespace cc::bench {

namespace {

double started_in(const ControlCenter::Spec& spec) {
  return ControlCenter(spec).start_seconds();
}

/// A figure of each round.
struct Rounds {
  std::vector<double> ours;
  std::vector<double> limits;
  std::vector<double> empty;  // with nothing in the database: what a process costs, opening its
                              // files, the first commit
};

Rounds measure(const Setting& setting, const Seed& seed) {
  const ControlCenter::Spec full = server_on(setting, seed);
  ControlCenter::Spec empty = full;
  empty.data_dir = setting.fresh("empty");
  empty.configuration.clear();
  // What the last stop left to do is done once, and files are made once.
  (void)started_in(full);
  (void)started_in(empty);
  Rounds rounds;
  for (int round = 0; round < setting.rounds; ++round) {
    rounds.ours.push_back(started_in(full));
    rounds.limits.push_back(bare_read(seed.database(), kStateRows).seconds);
    rounds.empty.push_back(started_in(empty));
  }
  return rounds;
}

Row row_of(const char* system, const std::vector<double>& seconds) {
  return {{"system", system}, {"seconds", median(seconds)}};
}

Goal judge(const Rounds& rounds) {
  const double ours = median(rounds.ours);
  const double limit = median(rounds.limits);
  const double empty = median(rounds.empty);
  return explained(
      at_most("exec to the first answer, of the bare read", 1.5, ours / limit),
      fmt::format("a start with nothing in the database takes {:.0f} ms of {:.0f}; the rest is "
                  "{:.2f} times the bare read",
                  empty * 1e3, ours * 1e3, (ours - empty) / limit));
}

}  // namespace

double start_seconds(const Setting& setting, const Seed& seed) {
  return started_in(server_on(setting, seed));
}

Report start(const Setting& setting) {
  const Seed seed = make_seed(setting.scratch, size_of(setting));
  const Rounds rounds = measure(setting, seed);
  Report report{.name = "start",
                .rows = {row_of("control-center", rounds.ours),
                         row_of("the same, with nothing in the database", rounds.empty),
                         row_of("limit", rounds.limits)}};
  report.notes.emplace_back(
      "the limit reads the same state rows, bytes and all, and does nothing with them; both "
      "find the file in the page cache");
  report.noise = std::max(spread(rounds.ours), spread(rounds.limits));
  if (!setting.brief) report.goals.push_back(judge(rounds));
  return report;
}

}  // namespace cc::bench
