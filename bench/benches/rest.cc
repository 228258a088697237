// Questions about a large fleet.

#include <algorithm>
#include <chrono>
#include <functional>
#include <future>
#include <stdexcept>
#include <thread>

#include <fmt/format.h>

#include "bench/benches/seeded_server.h"
#include "bench/benches/sizes.h"
#include "bench/report/stats.h"

namespace cc::bench {
namespace {

constexpr double kSeconds = 1;
constexpr double kBriefSeconds = 0.1;
constexpr int kClients = 4;
constexpr std::chrono::milliseconds kThinking{20};
/// `GET /api/agents` of the Next.js peer, with an empty list: requests a second of a whole core.
constexpr double kNextJsPerCpuSecond = 273;

constexpr const char* kPageOfAgents = "page of agents";

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
          {kPageOfAgents, always("/api/v1/agents?limit=100"), "\"items\":[{", 10},
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

/// One client that asks again some time after each answer; how long each answer took.
Histogram ask_until(std::int64_t end, ControlCenter& server, const Question& question,
                    std::size_t first, std::chrono::milliseconds thinking) {
  Histogram times;
  HttpClient client = server.client();
  for (std::size_t n = first; steady_now() < end; n += kClients) {
    const std::int64_t begun = steady_now();
    ask(client, question, n);
    times.add(steady_now() - begun);
    if (thinking.count() > 0) std::this_thread::sleep_for(thinking);
  }
  return times;
}

/// A few of them at a time.
Histogram ask_for(ControlCenter& server, const Question& question, double seconds,
                  std::chrono::milliseconds thinking) {
  const std::int64_t end = steady_now() + static_cast<std::int64_t>(seconds * 1e9);
  std::vector<std::future<Histogram>> clients;
  for (std::size_t i = 0; i < kClients; ++i) {
    clients.push_back(std::async(std::launch::async,
                                 [&, i] { return ask_until(end, server, question, i, thinking); }));
  }
  Histogram all;
  for (auto& client : clients) all.merge(client.get());
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

/// A figure of each round of one question.
struct Rounds {
  std::vector<double> per_cpu;
  std::vector<double> per_second;
  std::vector<double> p50;
  std::vector<double> p99;
};

Rounds measure(const Setting& setting, ControlCenter& server, const Question& question) {
  const double seconds = setting.brief ? kBriefSeconds : kSeconds;
  Rounds rounds;
  for (int round = 0; round < setting.rounds; ++round) {
    const Throughput throughput = saturate(server, question, seconds);
    rounds.per_cpu.push_back(throughput.per_cpu_second);
    rounds.per_second.push_back(throughput.per_second);
    const Histogram times = ask_for(server, question, seconds, kThinking);
    rounds.p50.push_back(times.quantile(0.5));
    rounds.p99.push_back(times.quantile(0.99));
  }
  return rounds;
}

Row row_of(const Question& question, const Rounds& rounds) {
  return {{"question", question.name},
          {"requests_per_cpu_second", median(rounds.per_cpu)},
          {"requests_per_second", median(rounds.per_second)},
          {"p50_ms", median(rounds.p50)},
          {"p99_ms", median(rounds.p99)}};
}

Goal judge_p99(const Question& question, const Rounds& rounds) {
  return explained(at_most("p99 in ms, " + question.name, question.most_ms, median(rounds.p99)),
                   from_to(rounds.p99, 1) + " ms from round to round");
}

Goal judge_against_peer(const Rounds& rounds) {
  return explained(at_least("page of agents, x the Next.js peer per CPU-second", 20,
                            median(rounds.per_cpu) / kNextJsPerCpuSecond),
                   from_to(rounds.per_cpu, 0) +
                       " requests per CPU-second from round to round; the peer's 273 "
                       "were measured apart");
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
  Report report{.name = "rest"};
  ControlCenter server(server_on(setting, seed));
  for (const Question& question : questions(seed.size)) {
    const Rounds rounds = measure(setting, server, question);
    report.rows.push_back(row_of(question, rounds));
    report.noise = std::max(report.noise, spread(rounds.per_cpu));
    if (setting.brief) continue;
    report.goals.push_back(judge_p99(question, rounds));
    if (question.name == kPageOfAgents) report.goals.push_back(judge_against_peer(rounds));
  }
  report.notes.emplace_back(
      "p99: four clients that think for 20 ms between two questions. The peer's figure (273 a "
      "second) is of an empty list, ours of a page of 100 out of 10,000");
  return report;
}

}  // namespace cc::bench
