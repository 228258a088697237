// A reader that was away for a million entries, while others read on.

#include <algorithm>
#include <chrono>
#include <thread>

#include <fmt/format.h>

#include "bench/benches/bare_read.h"
#include "bench/benches/sizes.h"
#include "bench/load/gateway.h"
#include "bench/load/pacer.h"
#include "bench/load/readers.h"
#include "bench/load/source_thread.h"
#include "bench/report/stats.h"
#include "bench/subject/control_center.h"

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
        server_({.program = setting.server(),
                 .data_dir = seed.data_dir,
                 .configuration = seed.data_dir / "gateways.toml",
                 .gateway_url = gateway_->ws_url(),
                 .gateway_token = LoadGateway::token()}) {
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
      found.p99_during = watch(live, [&] {
        const auto entries = static_cast<double>(seed_.size.entries);
        const double cpu = server_.serving_cpu();
        found.entries_per_second = entries / read_back(server_, seed_.size.entries);
        found.serving_cpu = (server_.serving_cpu() - cpu) / entries;
      });
      pacer.pause();
      live.wait_for(pacer.published());
      live.check();
    }
    source_.settle();
    return found;
  }

 private:
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

}  // namespace

double replay_seconds(const Setting& setting, const Seed& seed) {
  ControlCenter server({.program = setting.server(),
                        .data_dir = seed.data_dir,
                        .configuration = seed.data_dir / "gateways.toml",
                        .gateway_url = {},
                        .gateway_token = {}});
  return read_back(server, seed.size.entries);
}

Report replay(const Setting& setting) {
  const Seed seed = make_seed(setting.scratch, size_of(setting));
  Replay bench(setting, seed);
  Report report{.name = "replay", .rows = {}, .goals = {}, .notes = {}, .noise = 0, .plots = {}};
  std::vector<double> ours;
  std::vector<double> limits;
  std::vector<double> slower;
  std::vector<double> serving;
  std::vector<double> reading;
  const int runs = setting.brief ? 1 : kRuns;
  for (int i = 0; i < runs; ++i) {
    const Run run = bench.run();
    const BareRead limit = bare_read(seed.database(), kJournal);
    const double limit_rate = static_cast<double>(limit.rows) / limit.seconds;
    ours.push_back(run.entries_per_second);
    limits.push_back(limit_rate);
    slower.push_back(run.p99_during / run.p99_before);
    serving.push_back(run.serving_cpu * 1e6);
    reading.push_back(limit.cpu_seconds / static_cast<double>(limit.rows) * 1e6);
    report.rows.push_back({{"run", static_cast<double>(i + 1)},
                           {"entries_per_second", run.entries_per_second},
                           {"limit_entries_per_second", limit_rate},
                           {"serving_cpu_us_per_entry", serving.back()},
                           {"limit_cpu_us_per_entry", reading.back()},
                           {"live_p99_before_ms", run.p99_before},
                           {"live_p99_during_ms", run.p99_during},
                           {"during_to_before", slower.back()}});
  }
  report.noise = std::max(spread(ours), spread(limits));
  report.notes.push_back(fmt::format("the live readers' p99, during to before: {}, median {:.2f}",
                                     from_to(slower, 2), median(slower)));
  if (!setting.brief) {
    report.goals.push_back(explained(
        at_least("of the bare SELECT's entries/s", 0.5, median(ours) / median(limits)),
        fmt::format("the bare SELECT takes {:.2f} us of CPU for an entry; reading, encoding and "
                    "sending it, and serving the live readers meanwhile, {:.2f}",
                    median(reading), median(serving))));
    report.goals.push_back(
        explained(at_most("the live readers' p99, during to before", 1.5, median(slower)),
                  from_to(slower, 2) + " from run to run"));
  }
  return report;
}

}  // namespace cc::bench
