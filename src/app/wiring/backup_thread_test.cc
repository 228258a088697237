#include "app/wiring/backup_thread.h"

#include <condition_variable>
#include <sstream>

#include <gtest/gtest.h>

#include "stream/testing/fake_journal.h"

namespace cc::app {
namespace {

/// Its copies end only when they are told to.
class EndlessCopies final : public stream::testing::FakeJournal {
 public:
  Result<void> back_up(const std::filesystem::path& /*file*/,
                       const store::BackupWatch& watch) override {
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any stopped;
    stopped.wait(lock, watch.stop, [] { return false; });
    return fail(ErrorCode::kCancelled, "given up");
  }
};

TEST(BackupThread, AStopGivesUpTheCopyUnderWayAndThoseThatWait) {
  EndlessCopies store;
  std::ostringstream out;
  telemetry::Log log(out, telemetry::LogLevel::kInfo, telemetry::LogFormat::kText);
  std::vector<ErrorCode> ends;
  BackupThread thread(store, log);
  for (int i = 0; i < 3; ++i) {
    thread.back_up("copy.db", [&](const Result<void>& done) { ends.push_back(done.error().code); });
  }
  thread.stop();
  EXPECT_EQ(ends, std::vector(3, ErrorCode::kCancelled));
}

}  // namespace
}  // namespace cc::app
