// A reader that was away for a million entries, while others read on.

#include <algorithm>
#include <chrono>
#include <thread>

#include <fmt/format.h>

#include "bench/benches/bare_read.h"
#include "bench/benches/seeded_server.h"
#include "bench/benches/sizes.h"
#include "bench/load/gateway.h"
#include "bench/load/pacer.h"
#include "bench/load/readers.h"
#include "bench/load/source_thread.h"
#include "bench/report/stats.h"

namespace cc::bench {
namespace {

constexpr double kLiveRate = 20;
constexpr std::size_t kLive = 1'000;
constexpr std::size_t kBriefLive = 10;
constexpr int kRuns = 5;
constexpr double kBefore = 2;  // seconds of the live readers alone

void sleep(double seconds) {
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
}

/// How long a reader takes that comes with a cursor from so many entries ago.
double read_back(ControlCenter& server, std::uint64_t entries) {
  const auto [request, after] = server.place(entries);
  const std::int64_t begun = steady_now();
  const Readers reader({.port = server.port(), .request = request, .after = after});
  reader.wait_for(entries);
  return static_cast<double>(steady_now() - begun) / 1e9;
}

ControlCenter::Spec fed_by(const LoadGateway& gateway, ControlCenter::Spec spec) {
  spec.gateway_url = gateway.ws_url();
  spec.gateway_token = LoadGateway::token();
  return spec;
}

struct Run {
  double entries_per_second = 0;
  double serving_cpu = 0;  // seconds of CPU of the thread that reads and sends, for an entry
  double p99_before = 0;
  double p99_during = 0;
};

class Replay {
 public:
  Replay(const Setting& setting, const Seed& seed)
      : setting_(setting),
        seed_(seed),
        source_(-1),
        gateway_(source_.run(
            [&] { return std::make_unique<LoadGateway>(source_.io(), LoadGateway::Spec{}); })),
        server_(fed_by(*gateway_, server_on(setting, seed))) {
    server_.wait_until_live();
  }
  ~Replay() {
    server_.stop();
    source_.run([this] { gateway_->stop(); });
    source_.run([this] { gateway_.reset(); });
  }
  Replay(const Replay&) = delete;
  Replay& operator=(const Replay&) = delete;

  Run run() {
    Pacer pacer(source_.io().get_executor(), *gateway_);
    Run found;
    {
      const auto [request, head] = server_.place();
      Readers live(
          {.count = setting_.brief ? kBriefLive : kLive,
           .port = server_.port(),
           .request = request,
           .after = head},
          [&](std::uint64_t number) { pacer.completed(number); },
          [&](std::uint64_t number) { return pacer.sent_at(number); });
      pacer.keep_rate(kLiveRate);
      found.p99_before = watch(live, [&] { sleep(setting_.brief ? 0.2 : kBefore); });
      found.p99_during = watch(live, [&] { read_all(found); });
      pacer.pause();
      live.wait_for(pacer.published());
      live.check();
    }
    source_.drain();
    return found;
  }

 private:
  void read_all(Run& found) {
    const auto entries = static_cast<double>(seed_.size.entries);
    const double cpu = server_.serving_cpu();
    found.entries_per_second = entries / read_back(server_, seed_.size.entries);
    found.serving_cpu = (server_.serving_cpu() - cpu) / entries;
  }

  /// The live readers' p99 while `work` goes on.
  template <class Work>
  static double watch(Readers& live, Work work) {
    live.record(true);
    work();
    live.record(false);
    sleep(0.1);  // what is on its way when recording ends is not looked at
    const double p99 = live.latencies().quantile(0.99);
    live.forget_latencies();
    return p99;
  }

  const Setting& setting_;
  const Seed& seed_;
  SourceThread source_;
  std::unique_ptr<LoadGateway> gateway_;
  ControlCenter server_;
};

/// A figure of each run.
struct Runs {
  std::vector<double> ours;     // entries per second
  std::vector<double> limits;   // the same, of the bare SELECT
  std::vector<double> slower;   // the live readers' p99, during to before
  std::vector<double> serving;  // microseconds of CPU for an entry
  std::vector<double> reading;  // the same, of the bare SELECT
};

Row add_run(Runs& runs, const Run& run, const BareRead& limit) {
  const auto rows = static_cast<double>(limit.rows);
  runs.ours.push_back(run.entries_per_second);
  runs.limits.push_back(rows / limit.seconds);
  runs.slower.push_back(run.p99_during / run.p99_before);
  runs.serving.push_back(run.serving_cpu * 1e6);
  runs.reading.push_back(limit.cpu_seconds / rows * 1e6);
  return {{"run", static_cast<double>(runs.ours.size())},
          {"entries_per_second", run.entries_per_second},
          {"limit_entries_per_second", runs.limits.back()},
          {"serving_cpu_us_per_entry", runs.serving.back()},
          {"limit_cpu_us_per_entry", runs.reading.back()},
          {"live_p99_before_ms", run.p99_before},
          {"live_p99_during_ms", run.p99_during},
          {"during_to_before", runs.slower.back()}};
}

std::vector<Goal> judge(const Runs& runs) {
  return {
      explained(
          at_least("of the bare SELECT's entries/s", 0.5, median(runs.ours) / median(runs.limits)),
          fmt::format("the bare SELECT takes {:.2f} us of CPU for an entry; reading, encoding and "
                      "sending it, and serving the live readers meanwhile, {:.2f}",
                      median(runs.reading), median(runs.serving))),
      explained(at_most("the live readers' p99, during to before", 1.5, median(runs.slower)),
                from_to(runs.slower, 2) + " from run to run")};
}

}  // namespace

double replay_seconds(const Setting& setting, const Seed& seed) {
  ControlCenter server(server_on(setting, seed));
  return read_back(server, seed.size.entries);
}

Report replay(const Setting& setting) {
  const Seed seed = make_seed(setting.scratch, size_of(setting));
  Replay bench(setting, seed);
  Report report{.name = "replay"};
  Runs runs;
  for (int i = 0; i < (setting.brief ? 1 : kRuns); ++i) {
    const Run run = bench.run();
    report.rows.push_back(add_run(runs, run, bare_read(seed.database(), kJournal)));
  }
  report.noise = std::max(spread(runs.ours), spread(runs.limits));
  report.notes.push_back(fmt::format("the live readers' p99, during to before: {}, median {:.2f}",
                                     from_to(runs.slower, 2), median(runs.slower)));
  if (!setting.brief) report.goals = judge(runs);
  return report;
}

}  // namespace cc::bench
