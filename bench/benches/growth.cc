// How costs grow with the size.

#include <algorithm>
#include <array>
#include <functional>

#include <fmt/format.h>

#include "bench/benches/sizes.h"
#include "bench/report/stats.h"

namespace cc::bench {
namespace {

constexpr double kMostExponent = 1.1;
constexpr std::array<std::size_t, 3> kDivisors{16, 4, 1};

struct Curve {
  std::string name;
  std::string unit;
  std::vector<double> costs;  // in the order of kDivisors
  double noise = 0;           // the largest spread between rounds of one size
};

class Growth {
 public:
  explicit Growth(const Setting& setting) : setting_(setting) { report_.name = "growth"; }

  /// `cost(divisor)`, at each size, the median of the rounds.
  void measure(const std::string& name, const std::string& unit,
               const std::function<double(std::size_t)>& cost) {
    Curve curve{.name = name, .unit = unit, .costs = {}, .noise = 0};
    for (const std::size_t divisor : kDivisors) {
      std::vector<double> found;
      for (int round = 0; round < setting_.rounds; ++round) found.push_back(cost(divisor));
      curve.costs.push_back(median(found));
      curve.noise = std::max(curve.noise, spread(found));
    }
    report_.noise = std::max(report_.noise, curve.noise);
    add(curve);
  }

  Report finish() {
    report_.plots.push_back({.file = "growth",
                             .title = "cost at a size, to the cost at the nominal size",
                             .x = "size, 1 is nominal",
                             .y = "cost",
                             .lines = lines_});
    return std::move(report_);
  }

 private:
  void add(const Curve& curve) {
    std::vector<double> sizes;
    for (const std::size_t divisor : kDivisors) sizes.push_back(1.0 / static_cast<double>(divisor));
    const double exponent = growth_exponent(sizes, curve.costs);
    report_.rows.push_back({{"what", curve.name},
                            {"unit", curve.unit},
                            {"at_1_16", curve.costs[0]},
                            {"at_1_4", curve.costs[1]},
                            {"at_nominal", curve.costs[2]},
                            {"exponent", exponent}});
    if (!setting_.brief) {
      report_.goals.push_back(
          explained(at_most("exponent, " + curve.name, kMostExponent, exponent),
                    fmt::format("rounds of one size lie up to {:.0f} % apart", curve.noise * 100)));
    }
    Line line{.name = curve.name, .points = {}};
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      line.points.emplace_back(sizes[i], curve.costs[i] / curve.costs.back());
    }
    lines_.push_back(std::move(line));
  }

  const Setting& setting_;
  Report report_;
  std::vector<Line> lines_;
};

}  // namespace

Report growth(const Setting& setting) {
  const std::size_t readers = setting.brief ? 160 : 10'000;
  const std::size_t agents = setting.brief ? 16 : 1'000;
  const std::size_t sessions = setting.brief ? 1'600 : 100'000;
  const FleetSize nominal =
      setting.brief ? FleetSize{.agents = 160, .sessions = 1'600, .entries = 16'000} : FleetSize{};
  const auto seed = [&](std::size_t n) {
    return make_seed(setting.scratch, nominal.divided_by(n));
  };
  Growth bench(setting);
  bench.measure("fan-out, one event", "CPU-s",
                [&](std::size_t n) { return fanout_cpu_per_event(setting, readers / n); });
  bench.measure("ingest, one event", "CPU-s",
                [&](std::size_t n) { return ingest_cpu_per_event(setting, sessions / n); });
  bench.measure("resync, unchanged", "CPU-s", [&](std::size_t n) {
    return resync_cost(setting, agents / n, sessions / n, 0).cpu_seconds;
  });
  bench.measure("replay", "s", [&](std::size_t n) { return replay_seconds(setting, seed(n)); });
  bench.measure("start", "s", [&](std::size_t n) { return start_seconds(setting, seed(n)); });
  bench.measure("sorted page", "CPU-s",
                [&](std::size_t n) { return rest_costs(setting, seed(n)).page_cpu; });
  bench.measure("search", "CPU-s",
                [&](std::size_t n) { return rest_costs(setting, seed(n)).search_cpu; });
  bench.measure("memory", "bytes", [&](std::size_t n) { return started_bytes(setting, seed(n)); });
  return bench.finish();
}

}  // namespace cc::bench
