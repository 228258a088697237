#include "gateway/protocol/frame.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cc::gateway::protocol {
namespace {

std::string text(simdjson::dom::element value) {
  std::string_view view;
  return value.get(view) == simdjson::SUCCESS ? std::string(view) : "(no text)";
}

ErrorCode code_of(std::string_view bytes) {
  FrameParser parser;
  const auto frame = parser.parse(bytes);
  EXPECT_FALSE(frame.has_value()) << bytes.substr(0, 80);
  return frame ? ErrorCode::kCancelled : frame.error().code;
}

TEST(Frame, ReadsAnEvent) {
  FrameParser parser;
  const auto frame = parser.parse(
      R"({"type":"event","event":"tick","payload":{"ts":7},"seq":12,"stateVersion":{"presence":3,"health":4}})");
  ASSERT_TRUE(frame);
  const auto& event = std::get<EventFrame>(*frame);
  EXPECT_EQ(event.name, "tick");
  EXPECT_EQ(event.seq, 12);
  EXPECT_EQ(event.presence_version, 3);
  EXPECT_EQ(event.payload.at_key("ts").get_int64().value(), 7);
}

TEST(Frame, WhatIsAbsentInAnEventIsEmpty) {
  FrameParser parser;
  const auto frame = parser.parse(R"({"type":"event","event":"x","seq":-1,"stateVersion":7})");
  ASSERT_TRUE(frame);
  const auto& event = std::get<EventFrame>(*frame);
  EXPECT_FALSE(event.seq);
  EXPECT_FALSE(event.presence_version);
  EXPECT_TRUE(event.payload.is_null());
}

TEST(Frame, FlattensAnError) {
  FrameParser parser;
  const auto frame = parser.parse(
      R"({"type":"res","id":"1","ok":false,"error":{"code":"NOT_PAIRED","message":"no\u0007","retryable":true,
          "retryAfterMs":500,"details":{"code":"PAIRING_REQUIRED","reason":"not-paired","requestId":"r-1",
          "deviceId":"d","recommendedNextStep":"wait_then_retry","pauseReconnect":false,"expectedProtocol":4,
          "canRetryWithDeviceToken":true,"missingScope":"operator.read"}}})");
  ASSERT_TRUE(frame);
  const auto& error = std::get<ResponseFrame>(*frame).error;
  EXPECT_EQ(error.code, "NOT_PAIRED");
  EXPECT_EQ(error.message, "no");
  EXPECT_TRUE(error.retryable);
  EXPECT_EQ(error.retry_after, Millis(500));
  EXPECT_EQ(error.detail_code, "PAIRING_REQUIRED");
  EXPECT_EQ(error.detail_reason, "not-paired");
  EXPECT_EQ(error.request_id, "r-1");
  EXPECT_EQ(error.device_id, "d");
  EXPECT_EQ(error.recommended_next_step, "wait_then_retry");
  EXPECT_EQ(error.pause_reconnect, false);
  EXPECT_EQ(error.expected_protocol, 4);
  EXPECT_TRUE(error.can_retry_with_device_token);
  EXPECT_EQ(error.missing_scope, "operator.read");
}

TEST(Frame, Protocol3NamesAMissingScopeInTheMessageAlone) {
  FrameParser parser;
  const auto frame = parser.parse(
      R"({"type":"res","id":"1","ok":false,"error":{"code":"INVALID_REQUEST","message":"missing scope: operator.admin"}})");
  ASSERT_TRUE(frame);
  EXPECT_EQ(std::get<ResponseFrame>(*frame).error.missing_scope, "operator.admin");
}

TEST(Frame, AnErrorOfAWrongKindIsAnErrorWithoutACode) {
  FrameParser parser;
  const auto frame = parser.parse(R"({"type":"res","id":"1","ok":false,"error":"no"})");
  ASSERT_TRUE(frame);
  EXPECT_TRUE(std::get<ResponseFrame>(*frame).error.code.empty());
}

TEST(Frame, UnknownTypesAreNotErrors) {
  FrameParser parser;
  const auto frame = parser.parse(R"({"type":"req","id":"1","method":"ping"})");
  ASSERT_TRUE(frame);
  EXPECT_TRUE(std::holds_alternative<OtherFrame>(*frame));
}

TEST(Frame, RefusesWhatIsNoFrame) {
  EXPECT_EQ(code_of(""), ErrorCode::kInvalid);
  EXPECT_EQ(code_of("hello"), ErrorCode::kInvalid);
  EXPECT_EQ(code_of("[]"), ErrorCode::kInvalid);
  EXPECT_EQ(code_of("null"), ErrorCode::kInvalid);
  EXPECT_EQ(code_of("{}"), ErrorCode::kInvalid);
  EXPECT_EQ(code_of(R"({"type":7})"), ErrorCode::kInvalid);
  EXPECT_EQ(code_of(R"({"type":"event","event":{}})"), ErrorCode::kInvalid);
  EXPECT_EQ(code_of(R"({"type":"event","event":""})"), ErrorCode::kInvalid);
  EXPECT_EQ(code_of(R"({"type":"res","id":1,"ok":true})"), ErrorCode::kInvalid);
  EXPECT_EQ(code_of(R"({"type":"res","id":"1","ok":"yes"})"), ErrorCode::kInvalid);
  EXPECT_EQ(code_of(R"({"type":"event","event":"x"} trailing)"), ErrorCode::kInvalid);
  EXPECT_EQ(code_of(R"({"type":"event","event":"x)"), ErrorCode::kInvalid);
}

TEST(Frame, RefusesWhatIsTooLargeOrTooDeep) {
  EXPECT_EQ(code_of(std::string(kMaxFrameBytes + 1, ' ')), ErrorCode::kTooLarge);
  const std::string deep = R"({"type":"event","event":"x","payload":)" + std::string(200, '[') +
                           std::string(200, ']') + "}";
  EXPECT_EQ(code_of(deep), ErrorCode::kTooLarge);
}

TEST(Frame, TakesTheLargestFrame) {
  FrameParser parser;
  std::string frame = R"({"type":"event","event":"big","payload":"})";
  frame.pop_back();
  frame += std::string(kMaxFrameBytes - frame.size() - 2, 'a') + "\"}";
  ASSERT_EQ(frame.size(), kMaxFrameBytes);
  ASSERT_TRUE(parser.parse(frame));
  EXPECT_TRUE(parser.parse(R"({"type":"event","event":"small"})"));
}

struct Broken {
  std::string_view name;
  std::string_view sent;  // the content of a JSON string, as on the wire
  std::string_view read;
};

class FrameRepair : public testing::TestWithParam<Broken> {};

TEST_P(FrameRepair, KeepsTheRestOfTheText) {
  FrameParser parser;
  const auto frame = parser.parse(R"({"type":"event","event":"x","payload":")" +
                                  std::string(GetParam().sent) + "\"}");
  ASSERT_TRUE(frame) << frame.error().message;
  EXPECT_EQ(text(std::get<EventFrame>(*frame).payload), GetParam().read);
}

INSTANTIATE_TEST_SUITE_P(
    Frame, FrameRepair,
    testing::Values(Broken{"InvalidByte", "a\xFFz", "a\uFFFDz"},
                    Broken{"CutCharacter", "a\xE2\x82", "a\uFFFD\uFFFD"},
                    Broken{"BytesOfASurrogate", "a\xED\xA0\x80z", "a\uFFFD\uFFFD\uFFFDz"},
                    Broken{"LoneHighSurrogate", R"(a\ud83dz)", "a\uFFFDz"},
                    Broken{"HighSurrogateAtTheEnd", R"(a\ud83d)", "a\uFFFD"},
                    Broken{"TwoHighSurrogates", R"(\ud83d\ud83d\ude00)", "\uFFFD\U0001F600"},
                    Broken{"ControlCharacter", "a\nz", "a\uFFFDz"},
                    Broken{"GoodPairBesideABadByte", "\\ud83d\\ude00\xFF", "\U0001F600\uFFFD"},
                    Broken{"EscapedQuoteBesideABadByte", "\\\"\xFF\\\\", "\"\uFFFD\\"}),
    [](const auto& each) { return std::string(each.param.name); });

TEST(Frame, NulIsRepairedToo) {
  FrameParser parser;
  using namespace std::literals;
  const auto frame = parser.parse("{\"type\":\"event\",\"event\":\"x\",\"payload\":\"a\0z\"}"sv);
  ASSERT_TRUE(frame);
  EXPECT_EQ(text(std::get<EventFrame>(*frame).payload), "a\uFFFDz");
}

TEST(Frame, IntegersBeyond64BitsAreNumbersStill) {
  FrameParser parser;
  const auto frame =
      parser.parse(R"({"type":"event","event":"x","payload":100000000000000000000,"seq":3})");
  ASSERT_TRUE(frame) << frame.error().message;
  EXPECT_EQ(std::get<EventFrame>(*frame).payload.get_double().value(), 1e20);
}

TEST(Frame, WritesARequest) {
  EXPECT_EQ(request_frame("c-1", "sessions.list", R"({"limit":50})"),
            R"({"type":"req","id":"c-1","method":"sessions.list","params":{"limit":50}})");
}

}  // namespace
}  // namespace cc::gateway::protocol
