#include "telemetry/log.h"

#include <algorithm>
#include <regex>
#include <sstream>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cc::telemetry {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

std::string one_line(LogFormat format, std::string_view message, Log::Fields fields = {}) {
  std::ostringstream out;
  Log(out, LogLevel::kDebug, format).info(message, fields);
  return out.str();
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

TEST(Log, WritesATextLineWithTimeLevelMessageAndFields) {
  const std::string line = one_line(LogFormat::kText, "connected",
                                    {{"gateway", "default"}, {"url", "ws://127.0.0.1:18789/"}});
  EXPECT_TRUE(
      std::regex_match(line, std::regex(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z info  connected )"
                                        R"(gateway=default url=ws://127\.0\.0\.1:18789/\n)")))
      << line;
}

TEST(Log, WritesAJsonLine) {
  const std::string line = one_line(LogFormat::kJson, "connected", {{"gateway", "a \"b\""}});
  EXPECT_TRUE(std::regex_match(
      line,
      std::regex(
          R"rx(\{"at":\d{13},"level":"info","message":"connected","gateway":"a \\"b\\""\}\n)rx")))
      << line;
}

TEST(Log, KeepsTheWordsThatOperatorsGrepFor) {
  constexpr std::string_view kWords = "using WS — REST poller standing down";
  EXPECT_THAT(one_line(LogFormat::kText, kWords), HasSubstr(kWords));
  EXPECT_THAT(one_line(LogFormat::kJson, kWords), HasSubstr(kWords));
}

TEST(Log, WritesNothingBelowItsLevel) {
  std::ostringstream out;
  Log log(out, LogLevel::kWarn, LogFormat::kText);
  log.debug("one");
  log.info("two");
  log.warn("three");
  log.error("four");
  const auto lines = lines_of(out.str());
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_THAT(lines[0], EndsWith(" warn  three"));
  EXPECT_THAT(lines[1], EndsWith(" error four"));
}

TEST(Log, QuotesValuesThatHaveMoreThanPlainCharacters) {
  EXPECT_THAT(one_line(LogFormat::kText, "m", {{"a", ""}, {"b", "two words"}, {"c", "x=y"}}),
              EndsWith("m a=\"\" b=\"two words\" c=\"x=y\"\n"));
}

bool is_ascii_control(char c) {
  return (c >= 0 && c < 0x20) || c == 0x7F;
}

class HostileValue : public testing::TestWithParam<std::string_view> {};

// Attack: text of an agent that starts a line of its own, or drives the operator's terminal.
TEST_P(HostileValue, StaysOneLineWithoutControlCharacters) {
  for (const LogFormat format : {LogFormat::kText, LogFormat::kJson}) {
    for (const std::string& out : {one_line(format, "m", {{"name", std::string(GetParam())}}),
                                   one_line(format, GetParam())}) {
      const std::string line = out.substr(0, out.size() - 1);
      EXPECT_EQ(out.back(), '\n');
      EXPECT_FALSE(std::ranges::any_of(line, is_ascii_control)) << line;
      EXPECT_THAT(line, Not(HasSubstr("\xC2\x9B")));
      EXPECT_THAT(line, Not(HasSubstr("\xE2\x80\xA8")));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, HostileValue,
                         testing::Values("a\n2026-01-01T00:00:00.000Z error forged", "\r\n",
                                         "\x1B[2J",
                                         "csi \xC2\x9B"
                                         "2J",
                                         "line \xE2\x80\xA8 separator", "\x7F", "broken \xFF\xC2",
                                         std::string_view("nul\0", 4)));

TEST(Log, EscapesRatherThanDropsControlCharacters) {
  EXPECT_THAT(one_line(LogFormat::kText, "m", {{"a", "x\ny\x1Bz"}}), EndsWith(R"(a="x\ny\u001bz")"
                                                                              "\n"));
  EXPECT_THAT(one_line(LogFormat::kJson, "m", {{"a", "\xC2\x9B\xE2\x80\xA9"}}),
              HasSubstr(R"("a":"\u009b\u2029")"));
}

TEST(Log, CutsALongValue) {
  EXPECT_LT(one_line(LogFormat::kText, "m", {{"a", std::string(1 << 20, 'x')}}).size(), 4200U);
}

TEST(Log, KeepsLinesOfManyThreadsWhole) {
  std::ostringstream out;
  Log log(out, LogLevel::kInfo, LogFormat::kText);
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&log] {
        for (int i = 0; i < 100; ++i) log.info("from a thread", {{"end", "here"}});
      });
    }
  }
  const auto lines = lines_of(out.str());
  EXPECT_EQ(lines.size(), 400U);
  EXPECT_THAT(lines, testing::Each(EndsWith("Z info  from a thread end=here")));
}

}  // namespace
}  // namespace cc::telemetry
