// Questions about a large fleet.

#include <algorithm>
#include <array>
#include <chrono>
#include <exception>
#include <functional>
#include <stdexcept>
#include <thread>

#include <fmt/format.h>

#include "bench/benches/sizes.h"
#include "bench/report/stats.h"
#include "bench/subject/control_center.h"

namespace cc::bench {
namespace {

constexpr double kSeconds = 1;
constexpr double kBriefSeconds = 0.1;
constexpr int kClients = 4;
constexpr std::chrono::milliseconds kThinking{20};
/// `GET /api/agents` of the Next.js peer, with an empty list: requests a second of a whole core.
constexpr double kNextJsPerCpuSecond = 273;

struct Question {
  std::string name;
  std::function<std::string(std::size_t)> target;  // of the n-th time it is asked
  std::string expected;                            // a part of each answer
  double most_ms;
};

std::vector<Question> questions(const FleetSize& size) {
  const auto always = [](std::string target) {
    return [target = std::move(target)](std::size_t) { return target; };
  };
  return {{"one row",
           [sessions = size.sessions](std::size_t n) {
             return fmt::format("/api/v1/sessions/{}/{}", Seed::kGateway,
                                Seed::session_key(n * 7919 % sessions));
           },
           "\"title\":", 10},
          {"page of agents", always("/api/v1/agents?limit=100"), "\"items\":[{", 10},
          {"sorted page of sessions", always("/api/v1/sessions?sort=-updatedAt&limit=100"),
           "\"items\":[{", 10},
          {"search", always(fmt::format("/api/v1/sessions?q={}&limit=50", Seed::kRareWord)),
           Seed::kRareWord, 30}};
}

void ask(HttpClient& client, const Question& question, std::size_t n) {
  const Answer answer = client.get(question.target(n));
  if (answer.status != 200 || answer.body.find(question.expected) == std::string::npos) {
    throw std::runtime_error("GET " + question.target(n) + ": " + std::to_string(answer.status) +
                             ' ' + answer.body.substr(0, 200));
  }
}

/// A few clients that ask again some time after each answer; how long each answer took.
Histogram ask_for(ControlCenter& server, const Question& question, double seconds,
                  std::chrono::milliseconds thinking) {
  std::array<Histogram, kClients> found;
  std::array<std::exception_ptr, kClients> failures;
  const std::int64_t end = steady_now() + static_cast<std::int64_t>(seconds * 1e9);
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < kClients; ++i) {
      threads.emplace_back([&, i] {
        try {
          HttpClient client = server.client();
          for (std::size_t n = i; steady_now() < end; n += kClients) {
            const std::int64_t begun = steady_now();
            ask(client, question, n);
            found.at(i).add(steady_now() - begun);
            if (thinking.count() > 0) std::this_thread::sleep_for(thinking);
          }
        } catch (...) {
          failures.at(i) = std::current_exception();
        }
      });
    }
  }
  for (const auto& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
  Histogram all;
  for (const auto& one : found) all.merge(one);
  return all;
}

struct Throughput {
  double per_cpu_second = 0;
  double per_second = 0;
};

/// Clients that ask again at once, and so many that the server always has a question waiting: to
/// fall asleep and be woken for each would cost more than most answers, and what it costs is the
/// neighbours' doing.
Throughput saturate(ControlCenter& server, const Question& question, double seconds) {
  const double cpu = server.serving_cpu();
  const std::int64_t begun = steady_now();
  const auto count =
      static_cast<double>(ask_for(server, question, seconds, std::chrono::milliseconds(0)).count());
  return {.per_cpu_second = count / (server.serving_cpu() - cpu),
          .per_second = count / (static_cast<double>(steady_now() - begun) / 1e9)};
}

ControlCenter::Spec server_on(const Setting& setting, const Seed& seed) {
  return {.program = setting.server(),
          .data_dir = seed.data_dir,
          .configuration = seed.data_dir / "gateways.toml",
          .gateway_url = {},
          .gateway_token = {}};
}

}  // namespace

RestCosts rest_costs(const Setting& setting, const Seed& seed) {
  ControlCenter server(server_on(setting, seed));
  const auto asked = questions(seed.size);
  const double seconds = setting.brief ? kBriefSeconds : kSeconds;
  return {.page_cpu = 1 / saturate(server, asked[2], seconds).per_cpu_second,
          .search_cpu = 1 / saturate(server, asked[3], seconds).per_cpu_second};
}

Report rest(const Setting& setting) {
  const Seed seed = make_seed(setting.scratch, size_of(setting));
  const double seconds = setting.brief ? kBriefSeconds : kSeconds;
  Report report{.name = "rest", .rows = {}, .goals = {}, .notes = {}, .noise = 0, .plots = {}};
  ControlCenter server(server_on(setting, seed));
  for (const Question& question : questions(seed.size)) {
    std::vector<double> per_cpu;
    std::vector<double> per_second;
    std::vector<double> p50;
    std::vector<double> p99;
    for (int round = 0; round < setting.rounds; ++round) {
      const Throughput throughput = saturate(server, question, seconds);
      per_cpu.push_back(throughput.per_cpu_second);
      per_second.push_back(throughput.per_second);
      const Histogram times = ask_for(server, question, seconds, kThinking);
      p50.push_back(times.quantile(0.5));
      p99.push_back(times.quantile(0.99));
    }
    report.rows.push_back({{"question", question.name},
                           {"requests_per_cpu_second", median(per_cpu)},
                           {"requests_per_second", median(per_second)},
                           {"p50_ms", median(p50)},
                           {"p99_ms", median(p99)}});
    report.noise = std::max(report.noise, spread(per_cpu));
    if (setting.brief) continue;
    report.goals.push_back(
        explained(at_most("p99 in ms, " + question.name, question.most_ms, median(p99)),
                  from_to(p99, 1) + " ms from round to round"));
    if (question.name == "page of agents") {
      report.goals.push_back(explained(
          at_least("page of agents, x the Next.js peer per CPU-second", 20,
                   median(per_cpu) / kNextJsPerCpuSecond),
          from_to(per_cpu, 0) + " requests per CPU-second from round to round; the peer's 273 were "
                                "measured apart"));
    }
  }
  report.notes.emplace_back(
      "p99: four clients that think for 20 ms between two questions. The peer's figure (273 a "
      "second) is of an empty list, ours of a page of 100 out of 10,000");
  return report;
}

}  // namespace cc::bench
