// From the gateway's frame to the reader's bytes.

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "bench/benches/contenders.h"

namespace cc::bench {
namespace {

constexpr std::size_t kEntryBytes = 720;  // with a title of a usual length
constexpr double kSeconds = 1.5;
constexpr double kBriefSeconds = 0.2;
/// Beyond this its readers fall behind its buffer, and lose entries.
constexpr double kMostPeerDeliveries = 20'000;

struct Point {
  std::size_t readers;
  double rate;
};

struct Cell {
  std::vector<double> p50;
  std::vector<double> p99;
  std::vector<double> deliveries;
};

class Latency {
 public:
  explicit Latency(const Setting& setting) : setting_(setting), source_(-1) {
    report_.name = "latency";
    contenders_ = make_contenders(
        setting, {.event_bytes = kEntryBytes, .pinned = false, .limit_commits = true}, source_);
  }

  void run(const Point& point) {
    std::map<std::string, Cell> cells;
    for (int round = 0; round < rounds(point); ++round) {
      for (const auto& contender : contenders_) {
        if (!bears(contender->name(), point)) continue;
        const Outcome outcome = measure(*contender, source_, point.readers, {.rate = point.rate},
                                        setting_.brief ? kBriefSeconds : kSeconds, -1);
        Cell& cell = cells[contender->name()];
        cell.p50.push_back(outcome.latencies.quantile(0.5));
        cell.p99.push_back(outcome.latencies.quantile(0.99));
        cell.deliveries.push_back(outcome.deliveries_per_second);
      }
    }
    add_rows(point, cells);
    if (judged(point)) judge(point, cells);
  }

  Report finish() {
    report_.notes.emplace_back(
        "durability full: ours and the limit have each event on disk before it goes out, nchan "
        "keeps it in memory");
    report_.plots = {plot("latency-p50", "latency, median", 0),
                     plot("latency-p99", "latency, p99", 1)};
    return std::move(report_);
  }

 private:
  /// What is judged is mostly the disk's, which is not the same from one second to the next.
  [[nodiscard]] int rounds(const Point& point) const {
    return judged(point) ? 2 * setting_.rounds + 1 : setting_.rounds;
  }
  [[nodiscard]] bool judged(const Point& point) const {
    return point.readers == 1 && !setting_.brief;
  }

  static bool bears(const std::string& name, const Point& point) {
    const double deliveries = static_cast<double>(point.readers) * point.rate;
    return name != "nchan" || deliveries <= kMostPeerDeliveries;
  }

  void add_rows(const Point& point, const std::map<std::string, Cell>& cells) {
    const double offered = static_cast<double>(point.readers) * point.rate;
    const Cell& ours = cells.at("control-center");
    for (const auto& [name, cell] : cells) {
      const double delivered = median(cell.deliveries);
      report_.rows.push_back({{"readers", static_cast<double>(point.readers)},
                              {"events_per_second", point.rate},
                              {"system", name},
                              {"p50_ms", median(cell.p50)},
                              {"p99_ms", median(cell.p99)},
                              {"delivered_of_offered", delivered / offered},
                              {"ours_to_this_p50", median(ours.p50) / median(cell.p50)},
                              {"ours_to_this_p99", median(ours.p99) / median(cell.p99)}});
      if (delivered > 0.9 * offered) {
        curves_[{name, point.readers}].push_back({point.rate, median(cell.p50), median(cell.p99)});
        report_.noise = std::max(report_.noise, spread(cell.p50));
      }
    }
  }

  void judge(const Point& point, const std::map<std::string, Cell>& cells) {
    const Cell& ours = cells.at("control-center");
    const Cell& limit = cells.at("limit");
    const std::string at = " at " + std::to_string(static_cast<int>(point.rate)) + " events/s";
    report_.goals.push_back(compare("p50 of the limit's" + at, 1.5, ours.p50, limit.p50));
    report_.goals.push_back(compare("p99 of the limit's" + at, 2, ours.p99, limit.p99));
  }

  static Goal compare(const std::string& what, double target, const std::vector<double>& ours,
                      const std::vector<double>& limit) {
    return explained(at_most(what + ", one reader", target, median(ours) / median(limit)),
                     fmt::format("from round to round ours was {} ms, and the limit's {}",
                                 from_to(ours, 2), from_to(limit, 2)));
  }

  Plot plot(const std::string& file, const std::string& title, std::size_t which) const {
    Plot plot{.file = file, .title = title, .x = "events per second", .y = "ms", .lines = {}};
    for (const auto& [key, points] : curves_) {
      Line line{.name = key.first + ", " + std::to_string(key.second), .points = {}};
      for (const auto& point : points) {
        line.points.emplace_back(point.rate, which == 0 ? point.p50 : point.p99);
      }
      plot.lines.push_back(std::move(line));
    }
    return plot;
  }

  struct Measured {
    double rate;
    double p50;
    double p99;
  };

  const Setting& setting_;
  SourceThread source_;
  std::vector<std::unique_ptr<Contender>> contenders_;
  std::map<std::pair<std::string, std::size_t>, std::vector<Measured>> curves_;
  Report report_;
};

}  // namespace

Report latency(const Setting& setting) {
  Latency bench(setting);
  if (setting.brief) {
    bench.run({.readers = 1, .rate = 200});
    return bench.finish();
  }
  for (const double rate : {100.0, 1'000.0, 5'000.0}) {
    for (const std::size_t readers : {1U, 1'000U}) bench.run({.readers = readers, .rate = rate});
  }
  return bench.finish();
}

}  // namespace cc::bench
