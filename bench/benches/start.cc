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

namespace {

double started_in(const Setting& setting, const std::filesystem::path& data_dir,
                  const std::filesystem::path& configuration) {
  const ControlCenter server({.program = setting.server(),
                              .data_dir = data_dir,
                              .configuration = configuration,
                              .gateway_url = {},
                              .gateway_token = {}});
  return server.start_seconds();
}

}  // namespace

double start_seconds(const Setting& setting, const Seed& seed) {
  return started_in(setting, seed.data_dir, seed.data_dir / "gateways.toml");
}

Report start(const Setting& setting) {
  const Seed seed = make_seed(setting.scratch, size_of(setting));
  // With nothing in the database: what a process costs, opening its files, the first commit.
  const auto nothing = setting.fresh("empty");
  // What the last stop left to do is done once, and files are made once.
  (void)start_seconds(setting, seed);
  (void)started_in(setting, nothing, {});
  std::vector<double> ours;
  std::vector<double> limits;
  std::vector<double> empty;
  for (int round = 0; round < setting.rounds; ++round) {
    ours.push_back(start_seconds(setting, seed));
    limits.push_back(bare_read(seed.database(), kStateRows).seconds);
    empty.push_back(started_in(setting, nothing, {}));
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
