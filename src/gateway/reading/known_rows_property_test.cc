// Over random histories: a fleet that is told of known rows is the one that reads every row anew.

#include <map>
#include <random>

#include <gtest/gtest.h>

#include "base/json_writer.h"
#include "fleet/testing/world.h"
#include "gateway/protocol/frame.h"
#include "gateway/reading/sessions_listing.h"

namespace cc::gateway {
namespace {

using fleet::testing::kept;
using fleet::testing::World;

constexpr std::size_t kPage = 4;

struct GatewayRow {
  std::string title;
  TimeMs updated_at = 0;
  std::string status = "done";
  bool busy = false;
};

/// A gateway's sessions, as they are and as it tells of them.
class Gateway {
 public:
  std::map<std::string, GatewayRow> rows;
  TimeMs now = fleet::testing::kStart;

  [[nodiscard]] std::vector<std::string> pages() const {
    std::vector<std::string> frames;
    auto next = rows.begin();
    do {
      std::string frame;
      JsonWriter json(frame);
      json.begin_object().field("type", "res").field("id", "1").field("ok", true);
      json.key("payload").begin_object().key("sessions").begin_array();
      for (std::size_t i = 0; i < kPage && next != rows.end(); ++i, ++next) {
        write(json, next->first, next->second);
      }
      json.end_array().field("totalCount", static_cast<std::int64_t>(rows.size()));
      if (next != rows.end())
        json.field("nextOffset", static_cast<std::int64_t>((frames.size() + 1) * kPage));
      json.end_object().end_object();
      frames.push_back(std::move(frame));
    } while (next != rows.end());
    return frames;
  }

  [[nodiscard]] fleet::SessionChanged event(const std::string& key) const {
    const GatewayRow& row = rows.at(key);
    fleet::SessionPatch patch;
    patch.key = kept(key);
    patch.agent_id = patch.key.substr(6, 2);
    patch.complete = true;
    patch.title = kept(row.title);
    patch.status = kept(row.status);
    patch.updated_at = patch.ended_at = row.updated_at;
    patch.has_active_run = row.busy;
    return {.row = patch, .phase = {}, .reason = {}, .run_id = {}};
  }

 private:
  void write(JsonWriter& json, const std::string& key, const GatewayRow& row) const {
    json.begin_object().field("key", key).field("label", row.title).field("status", row.status);
    json.field("updatedAt", row.updated_at).field("endedAt", row.updated_at);
    json.field("snapshotAt", now).field("hasActiveRun", row.busy).end_object();
  }
};

/// One of us: what it knows, and its fleet.
class Reader {
 public:
  explicit Reader(bool remembers) : remembers_(remembers) { reset_agents(); }

  void hear(const fleet::Observation& seen) {
    if (remembers_) known_.heard(seen);
    std::visit([this](const auto& what) { world_.see(what); }, seen.what);
  }

  /// Reads all of it; loses the connection after so many pages.
  void resync(const Gateway& gateway, std::size_t pages_read) {
    known_.begin_listing();
    SessionsListing reading(remembers_ ? &known_ : nullptr);
    for (const auto& page : gateway.pages()) {
      if (pages_read-- == 0) return;
      fleet::SessionList list = read(reading, page);
      rows_read_ += list.sessions.size();
      if (reading.next_offset()) {
        world_.see(fleet::FleetPart{.initial = false, .agents = {}, .sessions = std::move(list)});
        continue;
      }
      EXPECT_TRUE(list.complete);
      fleet::FleetSync sync;
      sync.sessions = std::move(list);
      sync.connection = fleet::ConnectionReport{.state = fleet::GatewayState::kLive, .protocol = 4};
      world_.see(std::move(sync));
      known_.end_listing(true);
    }
  }

  [[nodiscard]] const World& world() const { return world_; }
  [[nodiscard]] World& world() { return world_; }
  [[nodiscard]] std::size_t rows_read() const { return rows_read_; }

 private:
  void reset_agents() {
    fleet::AgentList list;
    for (const char* id : {"a0", "a1", "a2"}) list.agents.push_back({.id = id});
    world_.see(fleet::AgentsListed{std::move(list)});
  }

  fleet::SessionList read(SessionsListing& reading, const std::string& page) {
    std::string text = page;
    text.resize(page.size() + simdjson::SIMDJSON_PADDING);
    const auto left = reading.without_known_rows(
        {std::string_view(text).substr(0, page.size()), simdjson::SIMDJSON_PADDING});
    const auto frame = parser_.parse(left.bytes, left.readable_after);
    std::vector<std::string_view> skipped;
    auto rows =
        interpreter_.sessions_list(std::get<protocol::ResponseFrame>(*frame).payload, skipped);
    return reading.add(std::move(*rows), skipped.size());
  }

  bool remembers_;
  KnownRows known_;
  World world_;
  protocol::FrameParser parser_;
  protocol::Interpreter interpreter_{protocol::Peer{.gateway = "alpha"}};
  std::size_t rows_read_ = 0;
};

class History {
 public:
  explicit History(unsigned seed) : random_(seed) {
    for (int i = 0; i < 12; ++i) change();
  }

  void step() {
    gateway_.now += 1000;
    switch (pick(8)) {
      case 0: return resync(pick(4) == 0 ? pick(3) : 1'000);
      case 1: return remove();
      case 2: return run();
      case 3: return tell(change());
      default: change();
    }
  }

  void resync(std::size_t pages) {
    plain.resync(gateway_, pages);
    knowing.resync(gateway_, pages);
  }

  void compare() {
    ASSERT_EQ(plain.world().now(), knowing.world().now());
    ASSERT_EQ(plain.world().fleet().session_count("alpha"),
              knowing.world().fleet().session_count("alpha"));
    for (const auto& [key, row] : gateway_.rows) {
      const auto a = plain.world().session(key);
      const auto b = knowing.world().session(key);
      ASSERT_FALSE(differs(a, b)) << key << ' ' << *a.title << ' ' << *b.title;
      ASSERT_EQ(*b.title, row.title);
    }
    for (const char* id : {"a0", "a1", "a2"}) {
      const auto& a = plain.world().agent(id);
      const auto& b = knowing.world().agent(id);
      ASSERT_FALSE(differs(a, b)) << id << ' ' << a.active_runs << ' ' << b.active_runs;
      ASSERT_EQ(a.last_active_at, b.last_active_at) << id;
    }
  }

  Reader plain{false};
  Reader knowing{true};

 private:
  unsigned pick(std::size_t below) { return static_cast<unsigned>(random_() % below); }

  std::string change() {
    constexpr const char* kStatus[] = {"done", "failed", "killed", "running"};
    const std::string key = "agent:a" + std::to_string(pick(3)) + ":s" + std::to_string(pick(6));
    auto& row = gateway_.rows[key];
    // Few, so that a row comes back to what it said before.
    row = {"t" + std::to_string(pick(2)), fleet::testing::kStart + pick(2), kStatus[pick(4)],
           pick(4) == 0};
    return key;
  }

  void tell(const std::string& key) { hear(gateway_.event(key)); }

  void remove() {
    if (gateway_.rows.size() < 4) return;
    const auto gone = std::next(gateway_.rows.begin(), pick(gateway_.rows.size()));
    const std::string key = gone->first;
    gateway_.rows.erase(gone);
    if (pick(2) == 0) hear(fleet::SessionDeleted{.key = key, .session_id = {}});
  }

  /// Whose end nobody hears.
  void run() {
    const auto of = std::next(gateway_.rows.begin(), pick(gateway_.rows.size()));
    hear(fleet::testing::run_event(
        pick(3) == 0 ? fleet::RunEvent::Kind::kWaiting : fleet::RunEvent::Kind::kStart, of->first,
        "r" + std::to_string(pick(5))));
  }

  template <class What>
  void hear(What what) {
    const fleet::Observation seen{.gateway = "alpha", .what = std::move(what)};
    plain.hear(seen);
    knowing.hear(seen);
  }

  std::mt19937 random_;
  Gateway gateway_;
};

TEST(KnownRowsProperty, WhatIsNotReadAgainIsAsIfItHadBeen) {
  std::size_t all = 0;
  std::size_t read = 0;
  for (unsigned seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(seed);
    History history(seed);
    for (int round = 0; round < 8; ++round) {
      for (int i = 0; i < 6; ++i) history.step();
      history.resync(1'000);
      history.compare();
      if (testing::Test::HasFatalFailure()) return;
    }
    all += history.plain.rows_read();
    read += history.knowing.rows_read();
  }
  EXPECT_LT(read, all * 3 / 4) << "else nothing was known, and nothing shown";
}

}  // namespace
}  // namespace cc::gateway
