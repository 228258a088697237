// From a person's request to the gateway's socket.

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <stdexcept>

#include <fmt/format.h>

#include "bench/benches/fed_server.h"
#include "bench/report/stats.h"
#include "bench/subject/bare_command.h"

namespace cc::bench {
namespace {

constexpr std::size_t kSessions = 200;
constexpr int kCommands = 300;
constexpr int kBriefCommands = 10;
constexpr std::chrono::seconds kPatience(10);

/// When the gateway was last told something. The simulator says so on its own thread.
class Arrival {
 public:
  void now() {
    const std::lock_guard lock(mutex_);
    at_ = steady_now();
    came_.notify_one();
  }
  std::int64_t take() {
    std::unique_lock lock(mutex_);
    if (!came_.wait_for(lock, kPatience, [this] { return at_ != 0; })) {
      throw std::runtime_error("the gateway was told nothing");
    }
    return std::exchange(at_, 0);
  }

 private:
  std::mutex mutex_;
  std::condition_variable came_;
  std::int64_t at_ = 0;
};

/// Something that changes nothing: the session is idle.
std::string stop_of(std::string_view session) {
  return fmt::format(
      R"({{"gateway":"default","kind":"session.abort","target":{{"sessionKey":"{}"}}}})", session);
}

struct Quantiles {
  std::vector<double> p50;
  std::vector<double> p99;
  void add(const Histogram& times) {
    p50.push_back(times.quantile(0.5));
    p99.push_back(times.quantile(0.99));
  }
};

class Commands {
 public:
  Commands(const Setting& setting, FedServer& fed)
      : count_(setting.brief ? kBriefCommands : kCommands),
        fed_(fed),
        client_(fed.server().client()),
        limit_(setting.fresh("limit") / "limit.db") {
    fed.source().run([this] {
      sessions_ = fed_.gateway().session_keys();
      fed_.gateway().when_told([this] { arrival_.now(); });
    });
  }

  void round() {
    Histogram ours;
    Histogram limit;
    for (int i = 0; i < count_; ++i) {
      const auto body = stop_of(sessions_[static_cast<std::size_t>(i) % sessions_.size()]);
      ours.add(tell(body));
      limit.add(limit_.tell(body));
    }
    ours_.add(ours);
    bare_.add(limit);
  }

  [[nodiscard]] Report report(bool judged) const {
    Report report{.name = "commands"};
    report.rows = {row("control-center", ours_), row("limit", bare_)};
    report.noise = spread(ours_.p50);
    report.notes.emplace_back(
        "one author, one command at a time; the limit reads a request, commits it, and sends it "
        "on");
    if (judged) {
      report.goals.push_back(explained(
          at_most("p50 of a bare commit and send", 1.5, median(ours_.p50) / median(bare_.p50)),
          fmt::format("from round to round ours was {} ms, and the limit's {}",
                      from_to(ours_.p50, 2), from_to(bare_.p50, 2))));
    }
    return report;
  }

 private:
  std::int64_t tell(const std::string& body) {
    const std::int64_t begun = steady_now();
    const Answer answer = client_.post("/api/v1/commands", body, "Prefer: wait=10\r\n");
    if (answer.status != 200) throw std::runtime_error("a command was not done: " + answer.body);
    return arrival_.take() - begun;
  }

  [[nodiscard]] Row row(std::string name, const Quantiles& times) const {
    return {{"system", std::move(name)},
            {"p50_ms", median(times.p50)},
            {"p99_ms", median(times.p99)},
            {"ours_to_this_p50", median(ours_.p50) / median(times.p50)}};
  }

  const int count_;
  FedServer& fed_;
  HttpClient client_;
  BareCommand limit_;
  Arrival arrival_;
  std::vector<std::string> sessions_;
  Quantiles ours_;
  Quantiles bare_;
};

}  // namespace

Report commands(const Setting& setting) {
  SourceThread source(-1);
  FedServer fed(setting,
                {.folder = "ours",
                 .gateway = {.agents = 20, .sessions = kSessions},
                 .gateway_access = "operate"},
                source);
  Commands bench(setting, fed);
  for (int round = 0; round < setting.rounds; ++round) bench.round();
  return bench.report(!setting.brief);
}

}  // namespace cc::bench
