#include "api/http/head.h"

#include <gtest/gtest.h>

namespace cc::api {
namespace {

TEST(HeadEnd, IsWhereTheEmptyLineEnds) {
  EXPECT_EQ(find_head_end("GET / HTTP/1.1\r\nHost: x\r\n").kind, HeadEnd::Kind::kIncomplete);
  const HeadEnd end = find_head_end("GET / HTTP/1.1\r\nHost: x\r\n\r\nbody");
  EXPECT_EQ(end.kind, HeadEnd::Kind::kComplete);
  EXPECT_EQ(end.size, std::string_view("GET / HTTP/1.1\r\nHost: x\r\n\r\n").size());
}

TEST(HeadEnd, IsRefusedAtTheFirstBareLineFeed) {
  EXPECT_EQ(find_head_end("GET / HTTP/1.1\n").kind, HeadEnd::Kind::kMalformed);
  EXPECT_EQ(find_head_end("GET / HTTP/1.1\r\nHost: x\n").kind, HeadEnd::Kind::kMalformed);
  EXPECT_EQ(find_head_end("\n").kind, HeadEnd::Kind::kMalformed);
}

struct Case {
  std::string_view name;
  std::string_view lines;  // after the request line
  int status;              // 0: nothing is wrong
};

class HeadFaults : public testing::TestWithParam<Case> {};

TEST_P(HeadFaults, AreFound) {
  const std::string head = "POST / HTTP/1.1\r\n" + std::string(GetParam().lines) + "\r\n";
  const auto fault = find_head_fault(head);
  EXPECT_EQ(fault ? fault->status : 0, GetParam().status);
}

INSTANTIATE_TEST_SUITE_P(
    Table, HeadFaults,
    testing::Values(
        Case{"Plain", "Host: x\r\nContent-Length: 5\r\n", 0},
        Case{"Chunked", "Host: x\r\nTransfer-Encoding: chunked\r\n", 0},
        Case{"TabInValue", "Host: x\r\nA: b\tc\r\n", 0},
        Case{"BothLengths", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", 400},
        Case{"BothLengthsOtherWay", "transfer-encoding: chunked\r\ncontent-length: 5\r\n", 400},
        Case{"TwoLengths", "Content-Length: 5\r\nContent-Length: 5\r\n", 400},
        Case{"TwoEncodings", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", 400},
        Case{"SignedLength", "Content-Length: +5\r\n", 400},
        Case{"LengthList", "Content-Length: 5, 5\r\n", 400},
        Case{"EmptyLength", "Content-Length:\r\n", 400},
        Case{"HugeLength", "Content-Length: 18446744073709551621\r\n", 400},
        Case{"OtherEncoding", "Transfer-Encoding: gzip, chunked\r\n", 501},
        Case{"Folded", "A: b\r\n c\r\n", 400}, Case{"FoldedByTab", "A: b\r\n\tc\r\n", 400},
        Case{"NulInValue", std::string_view("A: b\0c\r\n", 8), 400},
        Case{"BareReturn", "A: b\rc\r\n", 400}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(HeadFault, KnowsTheVersions) {
  EXPECT_FALSE(find_head_fault("GET / HTTP/1.0\r\n\r\n"));
  EXPECT_EQ(find_head_fault("GET / HTTP/2.0\r\n\r\n")->status, 505);
  EXPECT_EQ(find_head_fault("GET /\r\n\r\n")->status, 400);
  EXPECT_EQ(find_head_fault("GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n")->status, 400);
}

}  // namespace
}  // namespace cc::api
