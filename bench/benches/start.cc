// From exec to the first answer, with a large fleet in the database.

#include <algorithm>

#include <fmt/format.h>

#include "bench/benches/bare_read.h"
#include "bench/benches/setting.h"
#include "bench/benches/sizes.h"
#include "bench/load/sockets.h"
#include "bench/report/stats.h"
#include "bench/subject/control_center.h"

namespace cc::bench {

double start_seconds(const Setting& setting, const Seed& seed) {
  const ControlCenter server({.program = setting.server(),
                              .data_dir = seed.data_dir,
                              .configuration = seed.data_dir / "gateways.toml",
                              .gateway_url = {},
                              .gateway_token = {}});
  return server.start_seconds();
}

namespace {

/// With nothing in the database: what a process costs, opening its files, the first commit.
double empty_start_seconds(const Setting& setting) {
  const auto folder = setting.fresh("empty");
  const auto seconds = [&] {
    const ControlCenter server({.program = setting.server(),
                                .data_dir = folder,
                                .configuration = {},
                                .gateway_url = {},
                                .gateway_token = {}});
    return server.start_seconds();
  };
  (void)seconds();  // makes the files
  return seconds();
}

}  // namespace

Report start(const Setting& setting) {
  const Seed seed = make_seed(setting.scratch, size_of(setting));
  (void)start_seconds(setting, seed);  // what the last stop left to do is done once
  std::vector<double> ours;
  std::vector<double> limits;
  std::vector<double> empty;
  for (int round = 0; round < setting.rounds; ++round) {
    ours.push_back(start_seconds(setting, seed));
    limits.push_back(bare_read(seed.database(), kStateRows).seconds);
    empty.push_back(empty_start_seconds(setting));
  }
  Report report{
      .name = "start",
      .rows = {{{"system", "control-center"}, {"seconds", median(ours)}},
               {{"system", "the same, with nothing in the database"}, {"seconds", median(empty)}},
               {{"system", "limit"}, {"seconds", median(limits)}}},
      .goals = {},
      .notes =
          {"the limit reads the same state rows, bytes and all, and does nothing with them; both "
           "find the file in the page cache"},
      .noise = std::max(spread(ours), spread(limits)),
      .plots = {}};
  if (!setting.brief) {
    report.goals.push_back(explained(
        at_most("exec to the first answer, of the bare read", 1.5, median(ours) / median(limits)),
        fmt::format("a start with nothing in the database takes {:.0f} ms of {:.0f}; the rest is "
                    "{:.2f} times the bare read",
                    median(empty) * 1e3, median(ours) * 1e3,
                    (median(ours) - median(empty)) / median(limits))));
  }
  return report;
}

}  // namespace cc::bench
