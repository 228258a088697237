#include "ingest/ingest.h"

#include <future>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/fake_clock.h"
#include "fleet/testing/world.h"
#include "store/testing/memory_store.h"

namespace cc::ingest {
namespace {

using ::testing::HasSubstr;
using namespace fleet::testing;
using fleet::Observation;
using fleet::Source;
using ::testing::ElementsAre;
using ::testing::SizeIs;

/// Remembers what was told, and checks that it was committed and published first.
class Listener final : public store::CommitListener {
 public:
  explicit Listener(store::Store& store) : store_(store) {}

  void committed(std::span<const journal::Entry> entries, const Epoch& epoch) override {
    EXPECT_EQ(epoch, store_.position().epoch);
    EXPECT_GE(store_.position().head, entries.back().seq);
    for (const auto& entry : entries) seqs.push_back(entry.seq);
  }
  void wake() override { ++wakes; }

  std::vector<Seq> seqs;
  std::atomic<int> wakes = 0;

 private:
  store::Store& store_;
};

/// Remembers which agents were named, and checks that they were published first.
class Changes final : public fleet::ChangeListener {
 public:
  explicit Changes(const fleet::PublishedFleet& published) : published_(published) {}

  void published(std::span<const std::shared_ptr<fleet::ChangeSet>> changes, TimeMs at,
                 const Cursor& head) override {
    published_.read([&](const fleet::Fleet&, const Cursor& now) { EXPECT_EQ(now, head); });
    for (const auto& one : changes) {
      for (const auto& row : one->agents.upsert) agents.push_back(row->id);
    }
    last_at = at;
  }

  std::vector<std::string> agents;
  TimeMs last_at = 0;

 private:
  const fleet::PublishedFleet& published_;
};

class Resync final : public fleet::ResyncRequests {
 public:
  void request_resync(const std::string& gateway, const std::string& /*reason*/) override {
    asked.set_value(gateway);
  }
  void request_check(const std::string& /*gateway*/, const std::string& session) override {
    checked.set_value(session);
  }
  void has_too_many(const std::string& /*gateway*/, bool is_so) override { too_many = is_so; }
  std::atomic<bool> too_many = false;
  std::promise<std::string> asked;
  std::promise<std::string> checked;
};

class IngestTest : public ::testing::Test {
 protected:
  IngestTest() : IngestTest(options()) {}
  explicit IngestTest(const IngestOptions& options)
      : store_(store::make_memory_store(&broken_)),
        published_({}, {store_->position().epoch, 0}),
        listener_(*store_),
        log_(out_, telemetry::LogLevel::kInfo, telemetry::LogFormat::kText),
        changes_(published_),
        ingest_({*store_, published_, listener_, clock_, log_, metrics_, &changes_}, options) {}

  static IngestOptions options() {
    IngestOptions options;
    options.tick = Millis(1);  // how often the loop looks at the (fake) clock
    return options;
  }

  template <class What>
  Result<void> submit(What what, Source source = Source::kWs) {
    std::promise<Result<void>> ack;
    ingest_.submit(
        {.gateway = "alpha", .source = source, .at = clock_.wall(), .what = std::move(what)},
        [&](Result<void> how) { ack.set_value(std::move(how)); });
    return ack.get_future().get();
  }

  void configure() {
    ingest_.start(resync_);
    ASSERT_TRUE(submit(fleet::GatewayConfigured{}, Source::kSystem).has_value());
    ASSERT_TRUE(submit(fleet::ConnectionReport{.state = fleet::GatewayState::kLive}).has_value());
  }

  std::size_t sessions() const {
    return published_.read([](const fleet::Fleet& fleet, const Cursor&) {
      std::size_t count = 0;
      fleet.each<fleet::Session>("alpha", [&](const auto&) { ++count; });
      return count;
    });
  }

  std::atomic<bool> broken_ = false;
  FakeClock clock_;
  std::unique_ptr<store::Store> store_;
  fleet::PublishedFleet published_;
  Listener listener_;
  std::ostringstream out_;
  telemetry::Log log_;
  telemetry::Metrics metrics_;
  Resync resync_;
  Changes changes_;
  Ingest ingest_;
};

TEST_F(IngestTest, PublishesWhatIsCommittedAndTellsTheListener) {
  configure();
  ASSERT_TRUE(submit(sync_of({"main"}, {session_patch("agent:main:ops", 1)})).has_value());
  EXPECT_EQ(sessions(), 1U);
  EXPECT_THAT(listener_.seqs, ElementsAre(1, 2, 3));
  EXPECT_GE(listener_.wakes, 1);
  const Cursor head =
      published_.read([](const fleet::Fleet&, const Cursor& cursor) { return cursor; });
  EXPECT_EQ(head.seq, 3U);
}

TEST_F(IngestTest, TellsOfTheRowsThatItPublished) {
  configure();
  clock_.advance(Millis(5));
  ASSERT_TRUE(submit(sync_of({"main"}, {session_patch("agent:main:ops", 1)})).has_value());
  EXPECT_THAT(changes_.agents, ElementsAre("main"));
  EXPECT_EQ(changes_.last_at, clock_.wall());
  broken_ = true;
  EXPECT_FALSE(submit(sync_of({"main", "otto"}, {})).has_value());
  EXPECT_THAT(changes_.agents, SizeIs(1));
}

// The gateway waits for one commit, and the journal still tells each step.
TEST_F(IngestTest, ACommandThatNothingStandsBeforeIsDueWithItsCommit) {
  configure();
  fleet::ConnectionReport report{.state = fleet::GatewayState::kLive};
  report.can = {"session.create"};
  ASSERT_TRUE(submit(report).has_value());
  fleet::Command command;
  command.id = "c1";
  command.gateway = "alpha";
  command.kind = "session.create";
  ASSERT_TRUE(submit(fleet::CommandGiven{command}, Source::kSystem).has_value());
  EXPECT_EQ(store_->position().head, 5U) << "accepted, sent";
  const auto status = published_.read([](const fleet::Fleet& fleet, const Cursor&) {
    return fleet.find<fleet::Command>("alpha", "c1")->status;
  });
  EXPECT_EQ(status, fleet::CommandStatus::kSent);
}

TEST_F(IngestTest, WritesNoEntryForWhatChangedNothing) {
  configure();
  const auto sync = sync_of({"main"}, {session_patch("agent:main:ops", 1)});
  ASSERT_TRUE(submit(sync).has_value());
  ASSERT_TRUE(submit(sync).has_value());
  EXPECT_EQ(store_->position().head, 3U);
}

TEST_F(IngestTest, StoresTheRowsThatItPublishes) {
  configure();
  ASSERT_TRUE(submit(sync_of({"main"}, {session_patch("agent:main:ops", 1)})).has_value());
  const auto loaded = store_->load();
  ASSERT_TRUE(loaded.has_value());
  const auto row = loaded->find<fleet::Session>("alpha", "agent:main:ops");
  ASSERT_TRUE(row.has_value());
  EXPECT_EQ(row->version, 3U);
}

TEST_F(IngestTest, PublishesNothingThatCouldNotBeCommitted) {
  configure();
  broken_ = true;
  EXPECT_FALSE(submit(sync_of({"main"}, {session_patch("agent:main:ops", 1)})).has_value());
  EXPECT_EQ(sessions(), 0U);
  EXPECT_FALSE(ingest_.storage_works());
  EXPECT_THAT(listener_.seqs, SizeIs(2));
}

TEST_F(IngestTest, RecordsAGapAndAsksForAResyncOnceTheDiskWorksAgain) {
  configure();
  broken_ = true;
  ingest_.submit({.gateway = "alpha",
                  .at = clock_.wall(),
                  .what = fleet::SessionChanged{.row = session_patch("agent:main:ops", 1)}});
  EXPECT_FALSE(submit(fleet::GapReport{}).has_value());
  broken_ = false;
  auto asked = resync_.asked.get_future();
  EXPECT_EQ(asked.get(), "alpha");
  EXPECT_TRUE(ingest_.storage_works());
  published_.read(
      [](const fleet::Fleet& fleet, const Cursor&) { EXPECT_EQ(fleet.gateway("alpha")->gaps, 1); });
}

TEST_F(IngestTest, KeepsHowWeStandWithAGatewayOverAFailure) {
  configure();
  broken_ = true;
  ingest_.submit({.gateway = "alpha",
                  .at = clock_.wall(),
                  .what = fleet::ConnectionReport{.state = fleet::GatewayState::kOffline}});
  EXPECT_FALSE(submit(fleet::GapReport{}).has_value());
  broken_ = false;
  (void)resync_.asked.get_future().get();
  published_.read([](const fleet::Fleet& fleet, const Cursor&) {
    EXPECT_EQ(fleet.gateway("alpha")->state, fleet::GatewayState::kOffline);
  });
}

TEST_F(IngestTest, ASignOfLifeInTheSameBatchLeavesTheRowItsVersion) {
  for (const auto& what : {decltype(Observation::what)(fleet::GatewayConfigured{}),
                           decltype(Observation::what)(fleet::SignOfLife{})}) {
    ingest_.submit({.gateway = "alpha", .at = clock_.wall(), .what = what});
  }
  ingest_.start(resync_);
  ASSERT_TRUE(submit(fleet::SignOfLife{}).has_value());
  published_.read([](const fleet::Fleet& fleet, const Cursor&) {
    EXPECT_TRUE(fleet.gateway("alpha")->last_event_at);
    EXPECT_EQ(fleet.gateway("alpha")->version, 1U);
  });
}

TEST_F(IngestTest, NeverStampsAnEntryEarlierThanTheOneBefore) {
  configure();
  ASSERT_TRUE(submit(fleet::GapReport{}).has_value());
  const TimeMs before = store_->position().last_at;
  clock_.advance(Millis(-60'000));
  ASSERT_TRUE(submit(fleet::GapReport{}).has_value());
  EXPECT_EQ(store_->position().last_at, before);
}

TEST_F(IngestTest, TakesWhatIsQueuedBeforeItStops) {
  configure();
  for (int i = 0; i < 5000; ++i) {
    ingest_.submit({.gateway = "alpha",
                    .at = clock_.wall(),
                    .what = fleet::SessionChanged{
                        .row = session_patch("agent:main:" + std::to_string(i), 1)}});
  }
  ingest_.stop();
  EXPECT_EQ(sessions(), 5000U);
  EXPECT_EQ(submit(fleet::GapReport{}).error().code, ErrorCode::kCancelled);
}

// Eight thousand rows of twenty kilobytes took all the memory there was.
TEST_F(IngestTest, WhatAGatewayHasTooMuchOfIsLeftOutAndTold) {
  configure();
  const std::string text(4000, 'x');
  std::vector<fleet::SessionPatch> rows;
  for (int i = 0; i < 7'000; ++i) {
    rows.push_back(session_patch("agent:main:" + std::to_string(i), 1000 + i));
    rows.back().title = rows.back().model = rows.back().provider = text;
  }
  ASSERT_TRUE(submit(sync_of({"main"}, std::move(rows))).has_value());
  ASSERT_TRUE(submit(fleet::SignOfLife{}).has_value());
  ASSERT_TRUE(submit(fleet::SignOfLife{}).has_value());
  EXPECT_TRUE(resync_.too_many);
  EXPECT_LT(sessions(), 5'500U);
  ASSERT_TRUE(submit(sync_of({"main"}, {session_patch("agent:main:1", 1)})).has_value());
  clock_.advance(Millis(10));
  auto asked = resync_.asked.get_future();
  EXPECT_EQ(asked.get(), "alpha") << "for what was left out may fit now";
  EXPECT_FALSE(resync_.too_many);
}

class RetentionTest : public IngestTest {
 protected:
  RetentionTest() : IngestTest(short_retention()) {}

  static IngestOptions short_retention() {
    IngestOptions options = IngestTest::options();
    options.retention_bytes = 1;
    return options;
  }
};

// One part of what is too old for each tick was less than a busy fleet adds, and the journal grew
// for ever.
TEST_F(RetentionTest, CatchesUpHoweverMuchIsWritten) {
  configure();
  for (int i = 0; i < 20'000; ++i) {
    ingest_.submit({.gateway = "alpha", .at = clock_.wall(), .what = fleet::GapReport{}});
  }
  ASSERT_TRUE(submit(fleet::GapReport{}).has_value());
  clock_.advance(Millis(20'000));  // the only tick
  const auto is_behind = [this] { return store_->position().oldest < store_->position().head; };
  int turns = 0;
  for (; is_behind() && turns < 100; ++turns) {
    ASSERT_TRUE(submit(fleet::SignOfLife{}).has_value());  // changes no entry
  }
  EXPECT_LT(turns, 100) << store_->position().oldest << " is the oldest";
}

class AgeTest : public IngestTest {
 protected:
  std::string log() {
    ingest_.stop();
    return out_.str();
  }
};

// A clock that stood eight days ahead for twelve seconds erased a week.
TEST_F(AgeTest, AClockThatJumpedAheadErasesNothingAndIsTold) {
  configure();
  const auto oldest = store_->position().oldest;
  clock_.jump(std::chrono::days(8));
  clock_.advance(Millis(12'000));
  ASSERT_TRUE(submit(fleet::GapReport{}).has_value());
  ASSERT_TRUE(submit(fleet::GapReport{}).has_value());
  EXPECT_EQ(store_->position().oldest, oldest);
  clock_.jump(-std::chrono::days(8));
  clock_.advance(Millis(2'000));
  ASSERT_TRUE(submit(fleet::SignOfLife{}).has_value());
  EXPECT_EQ(ingest_.dated_ahead() / std::chrono::days(1), 7);
  const auto told = log();
  EXPECT_THAT(told, HasSubstr("clock was set, or the machine slept moved_by=\"8 d\""));
  EXPECT_THAT(told, HasSubstr("dated ahead of the clock"));
}

// It had stood ahead while entries were written, and retention ran at once.
TEST_F(AgeTest, ARestartUnderAClockThatIsAheadErasesNothing) {
  configure();
  const auto oldest = store_->position().oldest;
  clock_.jump(std::chrono::days(8));
  ASSERT_TRUE(submit(fleet::GapReport{}).has_value());
  ingest_.stop();
  Ingest again({*store_, published_, listener_, clock_, log_, metrics_}, options());
  again.start(resync_);
  for (int i = 0; i < 2; ++i) {
    clock_.advance(Millis(12'000));
    std::promise<Result<void>> ack;
    again.submit({.gateway = "alpha", .at = clock_.wall(), .what = fleet::GapReport{}},
                 [&](Result<void> how) { ack.set_value(std::move(how)); });
    ASSERT_TRUE(ack.get_future().get().has_value());
  }
  again.stop();
  EXPECT_EQ(store_->position().oldest, oldest);
}

}  // namespace
}  // namespace cc::ingest
