#include "gateway/protocol/page_filter.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/protocol/frame.h"
#include "gateway/testing/recordings.h"

namespace cc::gateway::protocol {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::string page(const std::string& rows) {
  return R"({"type":"res","id":"7","ok":true,"payload":{"ts":1,"sessions":[)" + rows +
         R"(],"totalCount":3,"nextOffset":null}})";
}

/// What is left of a frame where these rows are known, and what was asked of on the way.
struct Filtered {
  Filtered(std::string frame, const std::vector<std::string>& known, std::size_t readable = 64)
      : text(std::move(frame)) {
    const std::size_t size = text.size();
    text.resize(size + readable);
    const FrameText out =
        filter.filter({std::string_view(text).substr(0, size), readable}, [&](RowPrint print) {
          asked.push_back(print);
          return std::ranges::any_of(known,
                                     [&](const auto& row) { return print_of_row(row) == print; });
        });
    left = out.bytes;
    is_as_it_was = out.bytes.data() == text.data() && out.bytes.size() == size;
  }

  std::string text;
  PageFilter filter;
  std::vector<RowPrint> asked;
  std::string left;
  bool is_as_it_was = false;
};

const std::string kA = R"({"key":"a","title":"}],{\"sessions\":[\\"})";
const std::string kB = R"({ "key": "b", "nested": {"rows": [{}, [1, "]"]]}, "n": 1.5e3 } )";
const std::string kC = R"({"key":"c"})";

TEST(PageFilter, LeavesOutWhatIsKnown) {
  const std::string all = kA + "," + kB + "," + kC;
  EXPECT_EQ(Filtered(page(all), {kA}).left, page(kB + "," + kC));
  EXPECT_EQ(Filtered(page(all), {kB}).left, page(kA + "," + kC));
  EXPECT_EQ(Filtered(page(all), {kC}).left, page(kA + "," + kB));
  EXPECT_EQ(Filtered(page(all), {kA, kC}).left, page(kB));
  EXPECT_EQ(Filtered(page(all), {kA, kB, kC}).left, page(""));
}

TEST(PageFilter, SaysWhichRowsItLeftInAndAsksOnceOfEach) {
  const Filtered some(page(kA + "," + kB + "," + kC), {kB});
  EXPECT_THAT(some.asked, ElementsAre(print_of_row(kA), print_of_row(kB), print_of_row(kC)));
  EXPECT_THAT(some.filter.left_in(), ElementsAre(print_of_row(kA), print_of_row(kC)));
}

TEST(PageFilter, APageOfNewRowsIsNotCopied) {
  const Filtered none(page(kA + "," + kC), {});
  EXPECT_TRUE(none.is_as_it_was);
  EXPECT_THAT(none.filter.left_in(), SizeIs(2));
}

TEST(PageFilter, WhatIsNoPageComesBackAsItWas) {
  for (const std::string& frame :
       {std::string(R"({"type":"event","event":"e","payload":{"sessions":[{"key":"c"}]}})"),
        std::string(R"({"id":"7","type":"res","ok":true,"payload":{"sessions":[{"key":"c"}]}})"),
        std::string(R"({"type":"res","id":"7","ok":true,"payload":{"agents":[{"key":"c"}]}})"),
        std::string(R"({"type":"res","id":"7","ok":true,"payload":{"sessions":{"key":"c"}}})"),
        std::string(R"({"type":"res","id":"7","ok":true,"payload":[{"key":"c"}]})"),
        std::string(R"({"type":"res","id":"7","ok":true})"), std::string(R"({"type":"res")"),
        page(""), page(kC + ",7"), page(kC + ",[]"), page("{\"key\":\"c\""), std::string()}) {
    const Filtered same(frame, {kC});
    EXPECT_TRUE(same.is_as_it_was) << frame;
    EXPECT_THAT(same.asked, IsEmpty()) << frame;
    EXPECT_THAT(same.filter.left_in(), IsEmpty()) << frame;
  }
}

TEST(PageFilter, ATextWithoutRoomBehindItComesBackAsItWas) {
  EXPECT_TRUE(Filtered(page(kC), {kC}, 0).is_as_it_was);
}

TEST(PageFilter, ForgetsThePageBefore) {
  Filtered page_before(page(kA), {});
  std::ignore = page_before.filter.filter({"{}", 0}, [](RowPrint) { return true; });
  EXPECT_THAT(page_before.filter.left_in(), IsEmpty());
}

// The bytes behind a row that was left out are read by nobody else.
TEST(PageFilter, LeavesTheParserToFindWhatIsWrongBehindTheRows) {
  const Filtered cut(page(kC).substr(0, page(kC).size() - 1), {kC});
  FrameParser parser;
  EXPECT_FALSE(parser.parse(cut.left));
}

TEST(RowPrint, IsOfAllButTheDigitsOfTheSnapshot) {
  const auto print = [](const std::string& rest) { return print_of_row(R"({"key":"a",)" + rest); };
  EXPECT_EQ(print(R"("snapshotAt":1,"b":2})"), print(R"("snapshotAt":223,"b":2})"));
  EXPECT_NE(print(R"("snapshotAt":1,"b":2})"), print(R"("snapshotAt":1,"b":3})"));
  EXPECT_NE(print(R"("snapshotAt":1,"b":2})"), print(R"("snapshotAt":1.5,"b":2})"));
  EXPECT_NE(print(R"("snapshotAt":1,"b":2})"), print(R"("b":2})"));
  EXPECT_EQ(print(R"("snapshotAt":1,"A":"A"})"), print(R"("snapshotAt":2,"A":"A"})"));
  EXPECT_EQ(print_of_row(R"("snapshotAt":1)"), print_of_row(R"("snapshotAt":2)"));
  EXPECT_NE(print_of_row("A"), print_of_row("AA"));
  EXPECT_NE(print(R"("updatedAt":1})"), print(R"("updatedAt":2})"));
  EXPECT_NE(print(R"("label":"x\"snapshotAt\":1"})"), print(R"("label":"x\"snapshotAt\":2"})"));
}

/// `payload` of the answers to sessions.list of a recording.
std::vector<std::string> recorded_pages(const std::string& scenario) {
  std::vector<std::string> pages;
  for (const auto& line : read_recording(scenario)) {
    if (line.incoming && line.frame.find(R"("sessions":[{)") != std::string::npos) {
      pages.push_back(line.frame);
    }
  }
  return pages;
}

// What a real gateway repeats, it repeats to the byte, but for the time of its answer.
TEST(RowPrint, OfARealGatewayIsTheSameInTwoAnswers) {
  for (const std::string scenario : {"v4/big-sessions-list", "v3/big-sessions-list"}) {
    std::vector<RowPrint> seen;
    std::size_t again = 0;
    for (const auto& frame : recorded_pages(scenario)) {
      Filtered page(frame, {});
      for (const RowPrint print : page.asked) {
        if (std::ranges::find(seen, print) != seen.end()) ++again;
      }
      seen.insert(seen.end(), page.asked.begin(), page.asked.end());
    }
    EXPECT_GT(again, 300U) << scenario;
  }
}

}  // namespace
}  // namespace cc::gateway::protocol
