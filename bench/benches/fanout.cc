// Many readers, one stream.

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "bench/benches/contenders.h"
#include "bench/benches/sizes.h"

namespace cc::bench {
namespace {

constexpr std::uint64_t kOutstanding = 32;
constexpr double kSeconds = 1.5;
constexpr double kBriefSeconds = 0.2;
constexpr double kSteadyDeliveries = 100'000;

/// All that was measured of one contender at one number of readers.
struct Cell {
  std::vector<double> per_cpu;
  std::vector<double> deliveries;
  std::vector<double> events;
  std::vector<double> cpu_share;
  std::vector<double> intake_share;
  std::vector<double> p50;
  std::vector<double> p99;

  void add(const Outcome& outcome) {
    per_cpu.push_back(outcome.deliveries_per_cpu_second);
    deliveries.push_back(outcome.deliveries_per_second);
    events.push_back(outcome.events_per_second);
    cpu_share.push_back(outcome.serving_cpu_share);
    intake_share.push_back(outcome.intake_cpu_share);
    p50.push_back(outcome.latencies.quantile(0.5));
    p99.push_back(outcome.latencies.quantile(0.99));
  }
};

using Cells = std::map<std::string, Cell>;

class Fanout {
 public:
  Fanout(const Setting& setting, std::string name, bool saturated)
      : setting_(setting), saturated_(saturated), source_(Setting::kLoadCpu) {
    report_.name = std::move(name);
    contenders_ = make_contenders(setting, {}, source_);
  }

  const Cells& run(std::size_t readers) {
    Cells& cells = cells_[readers];
    for (int round = 0; round < setting_.rounds; ++round) {
      for (const auto& contender : contenders_) {
        const Outcome outcome =
            measure(*contender, source_, readers, load(readers),
                    setting_.brief ? kBriefSeconds : kSeconds, Setting::kLoadCpu);
        cells[contender->name()].add(outcome);
        event_bytes_ = outcome.event_bytes;
      }
    }
    for (const auto& contender : contenders_) add_row(readers, contender->name(), cells);
    return cells;
  }

  /// Of ours to another; 0 where the other was not measured.
  [[nodiscard]] double ratio(std::size_t readers, const std::string& other) const {
    const Cells& cells = cells_.at(readers);
    const auto found = cells.find(other);
    if (found == cells.end()) return 0;
    return median(cells.at("control-center").per_cpu) / median(found->second.per_cpu);
  }

  /// A goal that needs the peer, which may not be installed.
  [[nodiscard]] Goal against_peer(std::string goal, double target, std::size_t readers) const {
    const double to_peer = ratio(readers, "nchan");
    const double to_limit = ratio(readers, "limit");
    return explained(
        at_least(std::move(goal), target, to_peer),
        to_peer == 0 ? "nginx with nchan is not installed here"
                     : fmt::format("the bare loop itself has {:.2f} times what nchan has, and ours "
                                   "{:.2f} of the bare loop",
                                   to_peer / to_limit, to_limit));
  }

  [[nodiscard]] Goal against_limit(std::string goal, double target, std::size_t readers) const {
    const auto& cells = cells_.at(readers);
    return explained(at_least(std::move(goal), target, ratio(readers, "limit")),
                     fmt::format("from round to round ours was {} deliveries per CPU-second, and "
                                 "the bare loop's {}",
                                 from_to(cells.at("control-center").per_cpu, 0),
                                 from_to(cells.at("limit").per_cpu, 0)));
  }

  Report finish() {
    report_.notes.push_back(
        fmt::format("entries of {:.0f} bytes as a reader gets them", event_bytes_));
    add_plots();
    return std::move(report_);
  }
  Report& report() { return report_; }

 private:
  [[nodiscard]] Load load(std::size_t readers) const {
    if (saturated_) return {.window = kOutstanding};
    return {.rate = kSteadyDeliveries / static_cast<double>(readers)};
  }

  void add_row(std::size_t readers, const std::string& name, const Cells& cells) {
    const Cell& cell = cells.at(name);
    Row row{{"readers", static_cast<double>(readers)},
            {"system", name},
            {"deliveries_per_cpu_second", median(cell.per_cpu)},
            {"deliveries_per_second", median(cell.deliveries)},
            {"events_per_second", median(cell.events)},
            {"serving_cpu", median(cell.cpu_share)},
            {"intake_and_commit_cpu", median(cell.intake_share)}};
    if (!saturated_) {
      row.emplace_back("p50_ms", median(cell.p50));
      row.emplace_back("p99_ms", median(cell.p99));
    }
    row.emplace_back("ours_to_this", ratio(readers, name));
    report_.rows.push_back(std::move(row));
    report_.noise = std::max(report_.noise, spread(cell.per_cpu));
  }

  void add_plots() {
    Plot per_cpu{.file = report_.name + "-per-cpu",
                 .title = report_.name + ": deliveries per CPU-second",
                 .x = "readers",
                 .y = "deliveries per CPU-second",
                 .lines = {}};
    for (const auto& contender : contenders_) {
      Line line{.name = contender->name(), .points = {}};
      for (const auto& [readers, cells] : cells_) {
        line.points.emplace_back(static_cast<double>(readers),
                                 median(cells.at(contender->name()).per_cpu));
      }
      per_cpu.lines.push_back(std::move(line));
    }
    report_.plots.push_back(std::move(per_cpu));
  }

  const Setting& setting_;
  const bool saturated_;
  SourceThread source_;
  std::vector<std::unique_ptr<Contender>> contenders_;
  std::map<std::size_t, Cells> cells_;
  double event_bytes_ = 0;
  Report report_;
};

}  // namespace

double fanout_cpu_per_event(const Setting& setting, std::size_t readers) {
  SourceThread source(Setting::kLoadCpu);
  const auto contenders = make_contenders(setting, {.with_peer = false}, source);
  const Outcome outcome = measure(*contenders.front(), source, readers, {.window = kOutstanding},
                                  setting.brief ? kBriefSeconds : kSeconds, Setting::kLoadCpu);
  return static_cast<double>(readers) / outcome.deliveries_per_cpu_second;
}

Report fanout(const Setting& setting) {
  Fanout bench(setting, "fanout", true);
  if (setting.brief) {
    bench.run(20);
    return bench.finish();
  }
  for (const std::size_t readers : {100U, 1'000U, 10'000U}) bench.run(readers);
  auto& goals = bench.report().goals;
  goals.push_back(bench.against_peer("x nchan at 1,000 readers", 10, 1'000));
  goals.push_back(bench.against_peer("x nchan at 10,000 readers", 15, 10'000));
  goals.push_back(bench.against_limit("of the limit at 100 readers", 0.6, 100));
  goals.push_back(bench.against_limit("of the limit at 1,000 readers", 0.8, 1'000));
  goals.push_back(bench.against_limit("of the limit at 10,000 readers", 0.8, 10'000));
  return bench.finish();
}

Report fanout_unbatched(const Setting& setting) {
  Fanout bench(setting, "fanout-unbatched", false);
  if (setting.brief) {
    bench.run(20);
    return bench.finish();
  }
  for (const std::size_t readers : {1'000U, 10'000U}) bench.run(readers);
  auto& goals = bench.report().goals;
  goals.push_back(bench.against_peer("x nchan at 1,000 readers", 1.0, 1'000));
  goals.push_back(bench.against_peer("x nchan at 10,000 readers", 1.7, 10'000));
  return bench.finish();
}

}  // namespace cc::bench
