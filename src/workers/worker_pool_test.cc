#include "workers/worker_pool.h"

#include <latch>
#include <sstream>
#include <stdexcept>

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>

#include "base/testing/fake_clock.h"
#include "store/testing/memory_store.h"

namespace cc::workers {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// What a pool stands on, and what its tasks wrote down.
class WorkerPoolTest : public ::testing::Test {
 protected:
  WorkerPool make(std::size_t threads, std::size_t waiting_per_lane = 8) {
    return WorkerPool({*store_, clock_, log_, metrics_}, {threads, waiting_per_lane});
  }

  /// A task of some turns, each of which is noted, and so is its end.
  Task noted(std::string lane, std::string name, int turns, std::stop_token stop = {}) {
    return {.lane = std::move(lane),
            .stop = std::move(stop),
            .turn =
                [this, name, left = turns](store::JournalReader&) mutable {
                  notes_.push_back(name);
                  return --left == 0 ? Progress::kDone : Progress::kGoesOn;
                },
            .ended =
                [this, name](End end) {
                  notes_.push_back(name + (end == End::kDone ? " done" : " dropped"));
                }};
  }

  static void run_all(WorkerPool& pool) {
    while (pool.run_one()) {
    }
  }

  std::unique_ptr<store::Store> store_ = store::make_memory_store();
  FakeClock clock_;
  std::ostringstream log_text_;
  telemetry::Log log_{log_text_, telemetry::LogLevel::kDebug, telemetry::LogFormat::kText};
  telemetry::Metrics metrics_;
  std::vector<std::string> notes_;
};

TEST_F(WorkerPoolTest, OthersHaveTheirTurnBetweenTwoTurnsOfALongTask) {
  auto pool = make(0);
  EXPECT_TRUE(pool.submit(noted("a", "long", 3)));
  EXPECT_TRUE(pool.submit(noted("a", "later", 1)));
  EXPECT_TRUE(pool.submit(noted("b", "short", 1)));
  run_all(pool);
  EXPECT_THAT(notes_, ElementsAre("long", "short", "short done", "long", "long", "long done",
                                  "later", "later done"));
}

TEST_F(WorkerPoolTest, RefusesWhatIsTooMuchForALane) {
  auto pool = make(0, 2);
  EXPECT_TRUE(pool.submit(noted("a", "1", 1)));
  EXPECT_TRUE(pool.submit(noted("a", "2", 1)));
  EXPECT_FALSE(pool.submit(noted("a", "3", 1)));
  EXPECT_TRUE(pool.submit(noted("b", "4", 1)));
  EXPECT_THAT(metrics_.text(), HasSubstr("control_center_worker_tasks_waiting 3\n"));
  EXPECT_THAT(metrics_.text(), HasSubstr("control_center_worker_tasks_refused_total 1\n"));
  run_all(pool);
  EXPECT_THAT(notes_, ElementsAre("1", "1 done", "4", "4 done", "2", "2 done"));
}

TEST_F(WorkerPoolTest, IsFullWhenAllLanesTogetherHoldTooMuch) {
  WorkerPool pool({*store_, clock_, log_, metrics_}, {.threads = 0, .waiting = 2});
  EXPECT_TRUE(pool.submit(noted("a", "1", 1)));
  EXPECT_FALSE(pool.is_full());
  EXPECT_TRUE(pool.submit(noted("b", "2", 1)));
  EXPECT_TRUE(pool.is_full());
  EXPECT_TRUE(pool.submit(noted("c", "3", 1))) << "readers of the stream go on";
  run_all(pool);
  EXPECT_FALSE(pool.is_full());
}

TEST_F(WorkerPoolTest, DoesNotBeginWhatNobodyWaitsForAnyMore) {
  auto pool = make(0);
  std::stop_source left;
  EXPECT_TRUE(pool.submit(noted("a", "search", 1, left.get_token())));
  left.request_stop();
  run_all(pool);
  EXPECT_THAT(notes_, ElementsAre("search dropped"));
}

TEST_F(WorkerPoolTest, EndsALongTaskAtTheNextTurnOnceNobodyWaitsForIt) {
  auto pool = make(0);
  std::stop_source left;
  EXPECT_TRUE(pool.submit(noted("a", "search", 1000, left.get_token())));
  pool.run_one();
  left.request_stop();
  run_all(pool);
  EXPECT_THAT(notes_, ElementsAre("search", "search dropped"));
}

TEST_F(WorkerPoolTest, DropsWhatWaitsWhenItStopsAndTakesNothingMore) {
  auto pool = make(0);
  EXPECT_TRUE(pool.submit(noted("a", "begun", 2)));
  EXPECT_TRUE(pool.submit(noted("b", "waits", 1)));
  pool.run_one();
  pool.stop();
  EXPECT_THAT(notes_, ElementsAre("begun", "waits dropped", "begun dropped"));
  EXPECT_FALSE(pool.submit(noted("a", "late", 1)));
  EXPECT_FALSE(pool.run_one());
}

TEST_F(WorkerPoolTest, DropsATaskThatIsBetweenTwoTurnsWhenItStops) {
  auto pool = make(2);
  std::latch runs(2);
  std::atomic<int> dropped = 0;
  for (const char* lane : {"a", "b"}) {
    EXPECT_TRUE(pool.submit({.lane = lane,
                             .stop = {},
                             .turn =
                                 [&runs, first = true](store::JournalReader&) mutable {
                                   if (std::exchange(first, false)) runs.count_down();
                                   return Progress::kGoesOn;
                                 },
                             .ended = [&](End end) { dropped += end == End::kDropped ? 1 : 0; }}));
  }
  runs.wait();
  pool.stop();
  EXPECT_EQ(dropped, 2);
}

TEST_F(WorkerPoolTest, ATaskThatBlocksKeepsOneThreadAndNotTheOther) {
  auto pool = make(2);
  std::latch let_go(1);
  std::latch blocked_ended(1);
  std::latch served(1);
  EXPECT_TRUE(pool.submit({.lane = "a",
                           .stop = {},
                           .turn =
                               [&](store::JournalReader&) {
                                 let_go.wait();
                                 return Progress::kDone;
                               },
                           .ended = [&](End) { blocked_ended.count_down(); }}));
  EXPECT_TRUE(pool.submit({.lane = "b",
                           .stop = {},
                           .turn = [](store::JournalReader&) { return Progress::kDone; },
                           .ended = [&](End) { served.count_down(); }}));
  served.wait();
  EXPECT_FALSE(blocked_ended.try_wait());
  let_go.count_down();
  blocked_ended.wait();
}

TEST_F(WorkerPoolTest, AFailureIsToldAndHurtsNobodyElse) {
  auto pool = make(0);
  auto task = noted("a", "broken", 1);
  task.turn = [](store::JournalReader&) -> Progress { throw std::logic_error("a bug"); };
  EXPECT_TRUE(pool.submit(std::move(task)));
  EXPECT_TRUE(pool.submit(noted("a", "next", 1)));
  run_all(pool);
  EXPECT_THAT(notes_, ElementsAre("broken dropped", "next", "next done"));
  EXPECT_THAT(log_text_.str(), HasSubstr("a bug"));
}

TEST_F(WorkerPoolTest, HandsAValueBackOnTheExecutorOrNothing) {
  auto pool = make(0);
  boost::asio::io_context home;
  std::vector<std::optional<Seq>> answers;
  std::stop_source left;
  const auto ask = [&](std::stop_token stop) {
    return run_on(
        pool, "a", std::move(stop),
        [](store::JournalReader& journal) { return journal.find_since(0).value_or(99); },
        home.get_executor(), [&](std::optional<Seq> found) { answers.push_back(found); });
  };
  EXPECT_TRUE(ask({}));
  EXPECT_TRUE(ask(left.get_token()));
  left.request_stop();
  run_all(pool);
  EXPECT_TRUE(answers.empty());
  home.run();
  EXPECT_THAT(answers, ElementsAre(std::optional<Seq>(1), std::nullopt));
}

TEST_F(WorkerPoolTest, WhatATurnHeldIsGoneBeforeItsEndIsTold) {
  auto pool = make(0);
  auto held = std::make_shared<int>(1);
  std::weak_ptr<int> seen = held;
  bool was_gone = false;
  EXPECT_TRUE(pool.submit(
      {.lane = "a",
       .stop = {},
       .turn = [held = std::move(held)](store::JournalReader&) { return Progress::kDone; },
       .ended = [&](End) { was_gone = seen.expired(); }}));
  run_all(pool);
  EXPECT_TRUE(was_gone);
}

TEST_F(WorkerPoolTest, MeasuresFromBeingSubmittedToTheEnd) {
  auto pool = make(0);
  EXPECT_TRUE(pool.submit(noted("a", "task", 1)));
  clock_.advance(Millis(250));
  run_all(pool);
  EXPECT_THAT(metrics_.text(), HasSubstr("control_center_worker_task_seconds_sum 0.25\n"));
  EXPECT_THAT(metrics_.text(), HasSubstr("control_center_worker_tasks_running 0\n"));
}

}  // namespace
}  // namespace cc::workers
