// Conversations and the like, as real gateways answer.

#include "gateway/protocol/readings.h"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/testing/recordings.h"

namespace cc::gateway::protocol {
namespace {

namespace json = boost::json;
using fleet::Reading;
using ::testing::HasSubstr;
using ::testing::Not;

/// What is shown of the first answers to this method.
std::vector<json::object> shown_of(const std::string& scenario, std::string_view method,
                                   const Reading& what) {
  FrameParser parser;
  std::string awaited;
  std::vector<json::object> all;
  for (const auto& line : read_recording(scenario)) {
    if (line.is_close) continue;
    if (!line.incoming) {
      const auto request = json::parse(line.frame).as_object();
      if (request.at("method").as_string() == method) awaited = request.at("id").as_string();
      continue;
    }
    const auto frame = parser.parse(line.frame);
    const auto* response = frame ? std::get_if<ResponseFrame>(&*frame) : nullptr;
    if (response == nullptr || !response->ok || response->id != awaited) continue;
    const auto members = shown(what, response->payload, protocol_of(scenario));
    if (members) all.push_back(json::parse("{" + *members + "}").as_object());
  }
  return all;
}

TEST(Conversation, IsReadOnEitherProtocol) {
  for (const auto* version : {"v3", "v4"}) {
    const auto pages = shown_of(std::string(version) + "/actions/chat-history", "chat.history",
                                {.of = Reading::Of::kMessages, .id = "agent:main:hist"});
    ASSERT_FALSE(pages.empty()) << version;
    const auto& items = pages.front().at("items").as_array();
    ASSERT_FALSE(items.empty()) << version;
    const auto& first = items.front().as_object();
    EXPECT_EQ(first.at("role"), "user");
    EXPECT_EQ(first.at("parts").as_array().front().as_object().at("type"), "text");
    EXPECT_EQ(first.at("parts").as_array().front().as_object().at("text"), "Hello [[chunks:1]]");
    const auto& second = items.at(1).as_object();
    EXPECT_EQ(second.at("model"), "fake-fast");
    EXPECT_EQ(second.at("usage").as_object().at("total"), 1280);
    EXPECT_GT(second.at("costUsd").as_double(), 0.001);
  }
}

std::string shown_message(std::string_view message) {
  return shown({.of = Reading::Of::kMessages},
               *Parsed(R"({"messages":[)" + std::string(message) + "]}"), 4)
      .value();
}

TEST(Conversation, ToolCallsAndResultsAreParts) {
  EXPECT_THAT(
      shown_message(
          R"({"role":"assistant","content":[{"type":"toolCall","id":"c1","name":"exec","arguments":{"a":1}}]})"),
      HasSubstr(R"({"type":"toolCall","id":"c1","name":"exec","arguments":{"a":1},"cut":false})"));
  EXPECT_THAT(
      shown_message(
          R"({"role":"toolResult","toolCallId":"c1","toolName":"exec","isError":true,"content":[{"type":"text","text":"no"}]})"),
      HasSubstr(R"({"type":"toolResult","id":"c1","name":"exec","failed":true,"text":"no"})"));
}

// What is in an image or a file stays at the gateway.
TEST(Conversation, FilesAreNamedAndNotPassedOn) {
  const auto shown = shown_message(
      R"({"role":"user","content":[{"type":"image","mimeType":"image/png","bytes":7,"data":"canary","url":"canary"}]})");
  EXPECT_THAT(shown, HasSubstr(R"({"type":"image","mimeType":"image/png","name":null,"bytes":7})"));
  EXPECT_THAT(shown, Not(HasSubstr("canary")));
}

TEST(Conversation, WhatIsNotKnownIsOther) {
  EXPECT_THAT(shown_message(R"({"role":"custom","content":[{"type":"hologram"}]})"),
              HasSubstr(R"({"type":"other","name":"hologram"})"));
}

TEST(Conversation, LineEndsStay) {
  EXPECT_THAT(shown_message(R"({"role":"user","content":"a\n\tb"})"), HasSubstr(R"("a\n\tb")"));
}

TEST(Conversation, PagesGoBackwards) {
  const auto ask = [](std::string before, int protocol) {
    const auto asked =
        ask_for({.of = Reading::Of::kMessages, .id = "k", .before = std::move(before), .limit = 50},
                protocol);
    return asked ? asked->params : asked.error().message;
  };
  EXPECT_EQ(ask("", 4), R"({"sessionKey":"k","limit":50,"maxChars":100000,"offset":0})");
  EXPECT_EQ(ask("50", 4), R"({"sessionKey":"k","limit":50,"maxChars":100000,"offset":50})");
  EXPECT_EQ(ask("", 3), R"({"sessionKey":"k","limit":50,"maxChars":100000})");
  EXPECT_THAT(ask("x", 4), HasSubstr("before"));
}

// A gateway of protocol 3 gives the newest only; older ones are found among more of them.
TEST(Conversation, OnProtocolThreeAPageIsCutOutOfTheNewest) {
  std::string messages;
  for (int i = 1; i <= 9; ++i) {
    messages += (i > 1 ? "," : "") +
                std::string(R"({"role":"user","content":"m","__openclaw":{"id":"i)") +
                std::to_string(i) + R"(","seq":)" + std::to_string(i) + "}}";
  }
  const Parsed payload(R"({"messages":[)" + messages + "]}");
  const auto page = json::parse(
      "{" + shown({.of = Reading::Of::kMessages, .before = "7", .limit = 3}, *payload, 3).value() +
      "}");
  EXPECT_EQ(page.at("items").as_array().size(), 3U);
  EXPECT_EQ(page.at("items").at(0).at("id"), "i4");
  EXPECT_EQ(page.at("before"), "4");
}

// A gateway of protocol 3 tells nodes' tokens in clear.
TEST(Devices, NoTokenIsPassedOn) {
  const auto shown_devices =
      shown({.of = Reading::Of::kDevices},
            *Parsed(R"({"pending":[{"requestId":"r","deviceId":"d","token":"canary",)"
                    R"("publicKey":"canary","scopes":["operator.read"]}],)"
                    R"("paired":[{"deviceId":"e","tokens":{"operator":{"token":"canary"}}}]})"),
            3)
          .value();
  EXPECT_THAT(shown_devices, Not(HasSubstr("canary")));
  EXPECT_THAT(shown_devices, HasSubstr(R"("state":"pending","requestId":"r","deviceId":"d")"));
  EXPECT_THAT(shown_devices, HasSubstr(R"("total":2)"));
}

TEST(Readings, WhatIsNoObjectIsNoAnswer) {
  EXPECT_FALSE(shown({.of = Reading::Of::kModels}, *Parsed("[]"), 4));
  EXPECT_EQ(shown({.of = Reading::Of::kModels}, *Parsed("{}"), 4),
            R"("items":[],"total":0,"next":null)");
}

}  // namespace
}  // namespace cc::gateway::protocol
