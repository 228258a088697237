#include "telemetry/line_queue.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <sstream>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "telemetry/log.h"

namespace cc::telemetry {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class Pipe {
 public:
  Pipe() {
    if (::pipe2(ends_.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  }
  ~Pipe() {
    close_reader();
    ::close(ends_[1]);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  [[nodiscard]] int writer() const { return ends_[1]; }
  void close_reader() {
    if (ends_[0] >= 0) ::close(ends_[0]);
    ends_[0] = -1;
  }
  /// Reads until `text` has come.
  std::string read_until(std::string_view text) {
    std::string all;
    std::array<char, 65536> piece{};
    while (all.find(text) == std::string::npos) {
      const auto size = ::read(ends_[0], piece.data(), piece.size());
      if (size <= 0) return all + "(the end)";
      all.append(piece.data(), static_cast<std::size_t>(size));
    }
    return all;
  }

 private:
  std::array<int, 2> ends_{-1, -1};
};

std::string lines_dropped(std::uint64_t lines) {
  return std::to_string(lines) + " dropped\n";
}

TEST(LineQueue, WritesLinesInOrderAndTheRestInTheEnd) {
  Pipe pipe;
  {
    LineQueue queue(pipe.writer(), lines_dropped);
    for (int i = 0; i < 1000; ++i) queue.push(std::to_string(i) + "\n");
  }
  const auto all = pipe.read_until("\n999\n");
  EXPECT_THAT(all, StartsWith("0\n1\n2\n"));
  EXPECT_THAT(all, EndsWith("\n998\n999\n"));
}

/// Standard error is a pipe that nobody reads.
TEST(LineQueue, AReaderThatDoesNotReadHoldsNobodyUp) {
  Pipe pipe;
  LineQueue queue(pipe.writer(), lines_dropped, {.bytes = 100'000, .farewell_ms = 1});
  const std::string line = std::string(99, 'x') + "\n";
  for (int i = 0; i < 10'000; ++i) queue.push(line);  // would wait for ever
  EXPECT_GT(queue.dropped(), 8'000U);
  EXPECT_LT(queue.dropped(), 9'400U) << "what fits is kept";
  EXPECT_THAT(pipe.read_until("dropped\n"), HasSubstr(lines_dropped(queue.dropped())));
  queue.push("and on\n");
  EXPECT_EQ(pipe.read_until("on\n"), "and on\n");
}

TEST(LineQueue, EndsAlthoughNobodyReads) {
  Pipe pipe;
  LineQueue queue(pipe.writer(), lines_dropped, {.farewell_ms = 1});
  for (int i = 0; i < 1000; ++i) queue.push(std::string(1000, 'x') + "\n");
}

TEST(LineQueue, AReaderThatIsGoneHoldsNobodyUp) {
  std::signal(SIGPIPE, SIG_IGN);  // as the program does
  Pipe pipe;
  pipe.close_reader();
  LineQueue queue(pipe.writer(), lines_dropped);
  for (int i = 0; i < 1000; ++i) queue.push("line\n");
  while (queue.dropped() < 1000) {
  }
}

TEST(Log, ToADescriptorTellsWhatWasLeftOut) {
  Pipe pipe;
  Log log(pipe.writer(), LogLevel::kInfo, LogFormat::kText);
  log.info("at first");
  EXPECT_THAT(pipe.read_until("\n"), EndsWith(" info  at first\n"));
  const std::string much(4'000, 'x');
  for (int i = 0; i < 2'000; ++i) log.info("much", {{"much", much}});
  EXPECT_GT(log.dropped(), 0U);
  EXPECT_THAT(pipe.read_until("since nobody took them"),
              HasSubstr(" warn  log lines were left out"));
}

TEST(Log, FoldsWarningsThatOthersCause) {
  std::ostringstream out;
  {
    Log log(out, LogLevel::kInfo, LogFormat::kText);
    for (int i = 0; i < 1000; ++i) log.warn_folded("refused", "10.0.0.1", {{"peer", "10.0.0.1"}});
  }
  EXPECT_EQ(std::ranges::count(out.str(), '\n'), 2);
  EXPECT_THAT(out.str(), HasSubstr("refused peer=10.0.0.1\n"));
  EXPECT_THAT(out.str(), EndsWith("refused whose=10.0.0.1 more_times=999\n"));
}

}  // namespace
}  // namespace cc::telemetry
