// A gateway with many sessions comes back.

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <thread>

#include <fmt/format.h>
#include <simdjson.h>

#include "bench/benches/fed_server.h"
#include "bench/benches/sizes.h"
#include "bench/report/stats.h"
#include "bench/subject/bare_commit.h"

namespace cc::bench {
namespace {

constexpr std::size_t kAgents = 1'000;
constexpr std::size_t kSessions = 100'000;
constexpr std::size_t kBriefAgents = 20;
constexpr std::size_t kBriefSessions = 400;
/// The gateway's row turns to offline and back, by way of `connecting`.
constexpr double kOwnRowWrites = 4;
constexpr std::int64_t kPage = 200;  // as the program asks for them

/// What the server has spent on frames since their last byte. By the clock: while it does, the
/// gateway waits for it to ask for the next page.
double understanding(ControlCenter& server) {
  return server.metric("control_center_gateway_frame_seconds_total{gateway=\"default\"}");
}

/// What the server has counted of all gateways.
double bytes_heard(ControlCenter& server) {
  return server.metric("control_center_gateway_bytes_total{gateway=\"default\"}");
}

double reconnects(ControlCenter& server) {
  const std::string gateways = server.get("/api/v1/gateways");
  const auto at = gateways.find("\"reconnects\":");
  return std::stod(gateways.substr(at + 13));
}

void wait_for_return(ControlCenter& server, double reconnects_before) {
  for (int turn = 0; reconnects(server) == reconnects_before; ++turn) {
    if (turn == 12'000) throw std::runtime_error("the gateway does not come back");
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  server.wait_until_live();
}

/// What the server had counted at one time.
struct Counters {
  explicit Counters(ControlCenter& server)
      : understood(understanding(server)),
        read(server.gateway_cpu()),
        committed(server.commit_cpu()),
        bytes(bytes_heard(server)),
        rows(server.metric("control_center_rows_written_total")),
        at(steady_now()) {}

  double understood;
  double read;
  double committed;
  double bytes;
  double rows;
  std::int64_t at;
};

ResyncCost cost_of(const Counters& before, const Counters& after) {
  const double reading = after.understood - before.understood;
  return {.cpu_seconds = reading + after.committed - before.committed,
          .socket_seconds = std::max(after.read - before.read - reading, 0.0),
          .wall_seconds = static_cast<double>(after.at - before.at) / 1e9,
          .bytes = after.bytes - before.bytes,
          .rows_written = after.rows - before.rows};
}

ResyncCost resync(FedServer& fed, std::size_t changed) {
  ControlCenter& server = fed.server();
  const double reconnects_before = reconnects(server);
  const Counters before(server);
  fed.source().run([&] {
    fed.gateway().change_silently(changed);
    fed.gateway().drop();
  });
  wait_for_return(server, reconnects_before);
  return cost_of(before, Counters(server));
}

/// Reads a member of each row, so that nothing is skipped.
void parse_all(const std::vector<simdjson::padded_string>& pages) {
  simdjson::dom::parser parser;
  std::size_t rows = 0;
  for (const auto& page : pages) {
    for (const simdjson::dom::object row : parser.parse(page)["sessions"].get_array()) {
      rows += row["key"].get_string().value().empty() ? 0U : 1U;
    }
  }
  if (rows == 0) throw std::runtime_error("the pages hold no sessions");
}

/// simdjson over the same pages, and one commit of as many rows as changed.
double limit_seconds(const Setting& setting, const std::vector<std::string>& pages,
                     std::size_t changed) {
  BareCommit database(setting.fresh("limit") / "limit.db");
  constexpr std::size_t kRowBytes = 600;
  const std::string body(kRowBytes, 'x');
  std::vector<std::string> ids;
  std::vector<BareCommit::Entry> entries;
  for (std::size_t i = 0; i < changed; ++i) ids.push_back("agent:main:" + std::to_string(i));
  for (const std::string& id : ids) entries.push_back({body, id, body});
  const std::vector<simdjson::padded_string> padded(pages.begin(), pages.end());
  const double begun = own_thread_cpu_seconds();
  parse_all(padded);
  if (changed > 0) database.commit(entries);
  return own_thread_cpu_seconds() - begun;
}

Row row_of(const std::string& what, const ResyncCost& cost, double limit) {
  return {{"resync", what},
          {"ours_ms", cost.cpu_seconds * 1e3},
          {"limit_ms", limit * 1e3},
          {"to_the_limit", cost.cpu_seconds / limit},
          {"socket_ms", cost.socket_seconds * 1e3},
          {"megabytes", cost.bytes / 1e6},
          {"rows_written", cost.rows_written},
          {"wall_with_waiting_ms", cost.wall_seconds * 1e3}};
}

/// Medians over the rounds of one kind of return.
class Kind {
 public:
  Kind(std::string name, std::size_t changed) : name_(std::move(name)), changed_(changed) {}

  void round(const Setting& setting, FedServer& fed, const std::vector<std::string>& pages) {
    costs_.push_back(resync(fed, changed_));
    cpu_.push_back(costs_.back().cpu_seconds);
    limits_.push_back(limit_seconds(setting, pages, changed_));
  }
  [[nodiscard]] double ratio() const { return median(cpu_) / median(limits_); }
  [[nodiscard]] Goal judge(std::size_t sessions) const {
    const double rows = static_cast<double>(sessions) / 1e6;
    return explained(
        at_most("of the limit, " + name_, 3, ratio()),
        fmt::format("a row takes {:.2f} us to be found and known by its print, or else read and "
                    "compared, between pauses in which others have the caches; simdjson alone, "
                    "without pauses, takes {:.2f}",
                    median(cpu_) / rows, median(limits_) / rows));
  }
  [[nodiscard]] double noise() const { return spread(cpu_); }
  [[nodiscard]] double most_rows() const {
    return std::ranges::max(costs_, {}, &ResyncCost::rows_written).rows_written;
  }
  void add_row(Report& report) const {
    ResyncCost shown = costs_.back();
    shown.cpu_seconds = median(cpu_);
    report.rows.push_back(row_of(name_, shown, median(limits_)));
  }

 private:
  std::string name_;
  std::size_t changed_;
  std::vector<ResyncCost> costs_;
  std::vector<double> cpu_;
  std::vector<double> limits_;
};

Goal judge_rows(const Kind& unchanged) {
  return at_most("rows written by an unchanged resync, the gateway's own row aside", 0,
                 std::max(unchanged.most_rows() - kOwnRowWrites, 0.0));
}

constexpr const char* kNote =
    "ours: from the last byte of each page until it was handed on, and the CPU of the thread "
    "that merges and commits. socket: what the reading thread took to get the bytes. The rest of "
    "the wall time is the wait before the reconnect and for the simulator's pages. "
    "rows_written counts the gateway's own row, which says that it went and came";

}  // namespace

ResyncCost resync_cost(const Setting& setting, std::size_t agents, std::size_t sessions,
                       std::size_t changed) {
  SourceThread source(-1);
  FedServer fed(setting,
                {.folder = "ours", .gateway = {.agents = agents, .sessions = sessions}, .cpu = -1},
                source);
  return resync(fed, changed);
}

Report resync(const Setting& setting) {
  const std::size_t agents = setting.brief ? kBriefAgents : kAgents;
  const std::size_t sessions = setting.brief ? kBriefSessions : kSessions;
  SourceThread source(-1);
  FedServer fed(setting,
                {.folder = "ours", .gateway = {.agents = agents, .sessions = sessions}, .cpu = -1},
                source);
  const auto pages = source.run([&] { return fed.gateway().session_pages(kPage); });
  Kind unchanged("unchanged", 0);
  Kind changed("1 % changed", sessions / 100);
  for (int round = 0; round < setting.rounds; ++round) {
    unchanged.round(setting, fed, pages);
    changed.round(setting, fed, pages);
  }
  Report report{.name = "resync"};
  unchanged.add_row(report);
  changed.add_row(report);
  report.noise = std::max(unchanged.noise(), changed.noise());
  report.notes.emplace_back(kNote);
  if (setting.brief) return report;
  report.goals = {unchanged.judge(sessions), changed.judge(sessions), judge_rows(unchanged)};
  return report;
}

}  // namespace cc::bench
