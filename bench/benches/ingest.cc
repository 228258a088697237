// From the gateway's WebSocket to the disk, as fast as it goes.

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <thread>

#include <fmt/format.h>
#include <sqlite3.h>

#include "bench/benches/fed_server.h"
#include "bench/benches/sizes.h"
#include "bench/load/pacer.h"
#include "bench/load/readers.h"
#include "bench/report/stats.h"
#include "bench/subject/bare_commit.h"

namespace cc::bench {
namespace {

/// Enough that the next group is there when one is on disk, and too few to be folded.
constexpr std::uint64_t kOutstanding = 12'000;
constexpr double kSeconds = 3;
constexpr double kBriefSeconds = 0.3;
constexpr double kWarmUp = 0.5;

struct Sustained {
  double events_per_second = 0;
  double commit_cpu_share = 0;
  double commit_wait_share = 0;  // could have run, but others had the processors
  double gateway_cpu_share = 0;
  double group = 0;  // entries in a transaction
  std::uint64_t events = 0;
};

void sleep(double seconds) {
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
}

/// What the server and the reader had counted at one time.
struct Counters {
  Counters(ControlCenter& server, const Readers& reader)
      : commits(server.metric("control_center_commit_seconds_count")),
        commit_cpu(server.commit_cpu()),
        commit_wait(server.commit_wait()),
        gateway_cpu(server.gateway_cpu()),
        completed(reader.completed()),
        at(steady_now()) {}

  double commits;
  double commit_cpu;
  double commit_wait;
  double gateway_cpu;
  std::uint64_t completed;
  std::int64_t at;
};

Sustained sustained(const Counters& before, const Counters& after) {
  const double took = static_cast<double>(after.at - before.at) / 1e9;
  const std::uint64_t events = after.completed - before.completed;
  return {.events_per_second = static_cast<double>(events) / took,
          .commit_cpu_share = (after.commit_cpu - before.commit_cpu) / took,
          .commit_wait_share = (after.commit_wait - before.commit_wait) / took,
          .gateway_cpu_share = (after.gateway_cpu - before.gateway_cpu) / took,
          .group = static_cast<double>(events) / (after.commits - before.commits),
          .events = events};
}

Sustained measure(ControlCenter& server, const Readers& reader, double seconds) {
  sleep(kWarmUp);
  const Counters before(server, reader);
  sleep(seconds);
  return sustained(before, Counters(server, reader));
}

Sustained run_ours(FedServer& fed, double seconds) {
  ControlCenter& server = fed.server();
  const auto [request, head] = server.place();
  Pacer pacer(fed.source().io().get_executor(), fed.gateway());
  Sustained found;
  {
    const Readers reader({.port = server.port(), .request = request, .after = head},
                         [&](std::uint64_t number) { pacer.completed(number); });
    pacer.keep_outstanding(kOutstanding);
    found = measure(server, reader, seconds);
    pacer.pause();
    reader.wait_for(pacer.published());
  }
  fed.source().drain();
  if (server.head() != head + pacer.published()) {
    throw std::runtime_error("not every event became an entry");
  }
  return found;
}

/// Entries as ours stored them.
struct Stored {
  std::string body;
  std::string id;
  std::string row;
};

std::string between(const std::string& text, std::string_view from, std::string_view to) {
  const auto begin = text.find(from);
  const auto end = text.find(to, begin + from.size());
  if (begin == std::string::npos || end == std::string::npos) {
    throw std::runtime_error("not the entry of a session: " + text.substr(0, 100));
  }
  return text.substr(begin + from.size(), end - begin - from.size());
}

/// The newest `count` entries, oldest first.
std::vector<Stored> stored_by(const std::filesystem::path& file, std::uint64_t count) {
  sqlite3* db = nullptr;
  sqlite3_stmt* select = nullptr;
  sqlite3_open_v2(file.c_str(), &db, SQLITE_OPEN_READONLY, nullptr);
  sqlite3_prepare_v2(db, "SELECT body FROM journal ORDER BY seq DESC LIMIT ?1", -1, &select,
                     nullptr);
  sqlite3_bind_int64(select, 1, static_cast<std::int64_t>(count));
  std::vector<Stored> found;
  while (sqlite3_step(select) == SQLITE_ROW) {
    const auto* text = sqlite3_column_blob(select, 0);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(select, 0));
    const std::string body(static_cast<const char*>(text), size);
    found.push_back({.body = body,
                     .id = between(body, "\"key\":\"", "\""),
                     .row = between(body, "\"upsert\":[", "],\"remove\"")});
  }
  sqlite3_finalize(select);
  sqlite3_close(db);
  std::ranges::reverse(found);
  return found;
}

Sustained run_limit(const std::filesystem::path& folder, const std::vector<Stored>& entries,
                    std::size_t group) {
  BareCommit database(folder / "limit.db");
  std::vector<BareCommit::Entry> batch;
  const double cpu = own_thread_cpu_seconds();
  const std::int64_t begun = steady_now();
  for (std::size_t from = 0; from < entries.size(); from += group) {
    batch.clear();
    for (std::size_t i = from; i < std::min(entries.size(), from + group); ++i) {
      batch.push_back({.body = entries[i].body, .id = entries[i].id, .row = entries[i].row});
    }
    database.commit(batch);
  }
  const double took = static_cast<double>(steady_now() - begun) / 1e9;
  return {.events_per_second = static_cast<double>(entries.size()) / took,
          .commit_cpu_share = (own_thread_cpu_seconds() - cpu) / took,
          .commit_wait_share = 0,
          .gateway_cpu_share = 0,
          .group = static_cast<double>(group),
          .events = entries.size()};
}

double commit_us(const Sustained& found) {
  return found.commit_cpu_share / found.events_per_second * 1e6;
}

Row row_of(const std::string& system, const Sustained& found, double bytes) {
  return {{"system", system},
          {"events_per_second", found.events_per_second},
          {"group", found.group},
          {"entry_bytes", bytes},
          {"commit_cpu", found.commit_cpu_share},
          {"commit_wait", found.commit_wait_share},
          {"gateway_cpu", found.gateway_cpu_share},
          {"commit_cpu_us_per_event", commit_us(found)}};
}

Goal judge(double ratio, const Sustained& ours, const Sustained& limit) {
  return explained(
      at_least("of the limit's events/s", 0.6, ratio),
      fmt::format(
          "the committing thread takes {:.1f} us of CPU for an event and the bare loop {:.1f}; it "
          "was busy for {:.2f} of the time and waited for a processor for {:.2f}, our reading "
          "thread was busy for {:.2f}: the simulator and the reader share two cores with them, and "
          "the bare loop has them for itself",
          commit_us(ours), commit_us(limit), ours.commit_cpu_share, ours.commit_wait_share,
          ours.gateway_cpu_share));
}

}  // namespace

double ingest_cpu_per_event(const Setting& setting, std::size_t sessions) {
  SourceThread source(-1);
  FedServer fed(setting, {.folder = "ours", .gateway = {.sessions = sessions}, .cpu = -1}, source);
  const Sustained found = run_ours(fed, setting.brief ? kBriefSeconds : kSeconds / 2);
  return (found.commit_cpu_share + found.gateway_cpu_share) / found.events_per_second;
}

Report ingest(const Setting& setting) {
  Report report{.name = "ingest", .rows = {}, .goals = {}, .notes = {}, .noise = 0, .plots = {}};
  std::vector<double> ours;
  std::vector<double> limits;
  Sustained last;
  Sustained last_limit;
  SourceThread source(-1);
  FedServer fed(setting, {.folder = "ours", .gateway = {}, .cpu = -1}, source);
  for (int round = 0; round < setting.rounds; ++round) {
    const Sustained found = run_ours(fed, setting.brief ? kBriefSeconds : kSeconds);
    const auto stored = stored_by(fed.database(), found.events);
    const auto bytes = static_cast<double>(stored.front().body.size());
    report.rows.push_back(row_of("control-center", found, bytes));
    const auto group = std::max<std::size_t>(static_cast<std::size_t>(found.group), 1);
    const Sustained limit = run_limit(setting.fresh("limit"), stored, group);
    report.rows.push_back(row_of("limit", limit, bytes));
    ours.push_back(found.events_per_second);
    limits.push_back(limit.events_per_second);
    last = found;
    last_limit = limit;
  }
  report.noise = std::max(spread(ours), spread(limits));
  if (!setting.brief) {
    report.goals.push_back(judge(median(ours) / median(limits), last, last_limit));
  }
  report.notes.emplace_back(
      "there is no peer: nchan writes nothing to disk; the simulator and the reader run on the "
      "same cores as ours");
  return report;
}

}  // namespace cc::bench
