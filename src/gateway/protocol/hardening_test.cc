// What a hostile or broken gateway, or an agent that writes through it, may try. Nothing of it may
// crash, throw or get past the checks of read_hostile_frame.

#include <random>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/protocol/interpret.h"
#include "gateway/testing/hostile.h"
#include "gateway/testing/recordings.h"

namespace cc::gateway::protocol {
namespace {

using testing::IsEmpty;

struct Span {
  std::size_t begin;
  std::size_t end;
};

/// Finds the places of the values in a JSON text that is known to be good.
class Values {
 public:
  static std::vector<Span> in(std::string_view json) {
    Values values(json);
    values.value();
    return std::move(values.spans_);
  }

 private:
  explicit Values(std::string_view json) : json_(json) {}

  void value() {
    const std::size_t begin = at_;
    if (json_[at_] == '{') {
      object();
    } else if (json_[at_] == '[') {
      array();
    } else if (json_[at_] == '"') {
      string();
    } else {
      at_ = std::min(json_.find_first_of(",]}", at_), json_.size());
    }
    spans_.push_back({begin, at_});
  }

  void object() {
    for (++at_; json_[at_] != '}'; at_ += json_[at_] == ',' ? 1U : 0U) {
      string();
      ++at_;
      value();
    }
    ++at_;
  }

  /// Of an array's members the first stands for all.
  void array() {
    bool first = true;
    for (++at_; json_[at_] != ']'; at_ += json_[at_] == ',' ? 1U : 0U) {
      const auto kept = spans_.size();
      value();
      if (!first) spans_.resize(kept);
      first = false;
    }
    ++at_;
  }

  void string() {
    for (++at_; json_[at_] != '"'; ++at_) at_ += json_[at_] == '\\' ? 1U : 0U;
    ++at_;
  }

  std::string_view json_;
  std::size_t at_ = 0;
  std::vector<Span> spans_;
};

std::vector<std::string> replacements() {
  return {"null",
          "true",
          "7",
          "-1",
          "1e308",
          "18446744073709551615",
          "\"\"",
          "\"text\"",
          R"("a\u0000\n\u202e")",
          R"("\ud800")",
          "\"" + std::string(5000, 'x') + "\"",
          "[]",
          "{}",
          R"([null,7,"x",[],{}])",
          std::string(100, '[') + std::string(100, ']'),
          R"({"key":7,"id":[],"message":{}})"};
}

std::string text_at(simdjson::dom::element root, std::string_view pointer) {
  std::string_view text;
  return root.at_pointer(pointer).get(text) == simdjson::SUCCESS ? std::string(text)
                                                                 : std::string();
}

/// Frames with the same shape are tried once: recordings say the same things over and over.
std::string shape_of(std::string_view frame) {
  const Parsed parsed(frame);
  std::string shape;
  for (const std::string_view part : {"/type", "/event", "/payload/stream", "/payload/data/phase",
                                      "/payload/phase", "/payload/reason", "/payload/state",
                                      "/payload/type", "/error/code", "/error/details/code"}) {
    shape += text_at(*parsed, part) + '|';
  }
  for (const std::string_view list :
       {"/payload/agents", "/payload/sessions", "/payload/0", "/payload/list"}) {
    simdjson::dom::element found;
    shape += (*parsed).at_pointer(list).get(found) == simdjson::SUCCESS ? "+" : "-";
  }
  return shape;
}

struct Sample {
  std::string frame;
  int protocol;
};

constexpr std::size_t kLargestSample = 24 * 1024;

const std::vector<Sample>& samples() {
  static const std::vector<Sample> kSamples = [] {
    std::vector<Sample> out;
    std::set<std::string> seen;
    for (const auto& scenario : recorded_scenarios()) {
      for (auto& line : read_recording(scenario)) {
        if (!line.incoming || line.is_close || line.frame.size() > kLargestSample) continue;
        const int protocol = protocol_of(scenario);
        if (!seen.insert(std::to_string(protocol) + shape_of(line.frame)).second) continue;
        out.push_back({std::move(line.frame), protocol});
      }
    }
    return out;
  }();
  return kSamples;
}

TEST(Hardening, ThereIsSomethingToBreak) {
  FrameParser parser;
  EXPECT_GT(samples().size(), 80U);
  for (const auto& sample : samples()) {
    EXPECT_THAT(read_hostile_frame(parser, sample.frame, sample.protocol), IsEmpty())
        << sample.frame;
    EXPECT_GT(Values::in(sample.frame).size(), 3U);
  }
}

/// Every value of every kind of frame is replaced by wrong ones: in small frames by all of them, in
/// large ones, whose members come again in many shapes, by every fourth, another fourth each time.
TEST(Hardening, ValuesOfAWrongKind) {
  FrameParser parser;
  const auto wrong = replacements();
  std::size_t turn = 0;
  for (const auto& [frame, protocol] : samples()) {
    const std::size_t step = frame.size() > 1024 ? 4 : 1;
    for (const auto& [begin, end] : Values::in(frame)) {
      for (std::size_t i = ++turn % step; i < wrong.size(); i += step) {
        const std::string broken = frame.substr(0, begin) + wrong[i] + frame.substr(end);
        const auto found = read_hostile_frame(parser, broken, protocol);
        ASSERT_THAT(found, IsEmpty()) << broken.substr(0, 2000);
      }
    }
  }
}

/// A frame is cut, or bytes of it are turned, on the way.
TEST(Hardening, CutAndTurnedBytes) {
  FrameParser parser;
  std::mt19937 random(4711);  // the same bytes in every run
  for (const auto& [frame, protocol] : samples()) {
    for (int i = 0; i < 40; ++i) {
      const std::size_t at = random() % frame.size();
      std::string broken = frame;
      broken[at] = static_cast<char>(random() % 256);
      ASSERT_THAT(read_hostile_frame(parser, broken, protocol), IsEmpty()) << broken;
      EXPECT_FALSE(parser.parse(std::string_view(frame).substr(0, at)));
    }
  }
}

/// The same attacks by way of the REST endpoint.
TEST(Hardening, AnswersOfAWrongKind) {
  const std::string_view bodies[] = {
      R"([{"id":"a","name":"A","status":"busy","model":"m","workspace":"/w","emoji":"e","lastActiveAt":1}])",
      R"({"agents":[{"id":"a","model":{"primary":"m"},"identity":{"name":"n"},"agentRuntime":{"id":"r"}}]})",
      R"({"ok":true,"result":{"details":{"count":1,"sessions":[{"key":"agent:a:b","agentId":"a","status":"done","updatedAt":1,"endedAt":1,"deliveryContext":{"channel":"c"},"activeRunIds":["r"],"lastRunError":{"message":"m"}}],"agents":[{"id":"a"}]}}})"};
  for (const auto body : bodies) {
    for (const auto& [begin, end] : Values::in(body)) {
      for (const auto& value : replacements()) {
        const auto broken =
            std::string(body.substr(0, begin)) + value + std::string(body.substr(end));
        ASSERT_THAT(read_hostile_body(broken), IsEmpty()) << broken;
      }
    }
  }
}

/// Two sessions whose keys differ only in what cannot be read must not become one row.
TEST(Hardening, BrokenKeysNeverBecomeOne) {
  FrameParser parser;
  Interpreter interpreter({.gateway = "default", .dialect = kDialectV4});
  for (const std::string_view key :
       {"agent:a:\xFF", "agent:a:\xFE", "agent:a:\\ud800", "agent:a:\\udc00", "agent:a:\x01",
        "agent:a:\\u0000", "agent:a:\x7F"}) {
    const auto frame =
        parser.parse(R"({"type":"event","event":"sessions.changed","payload":{"sessionKey":")" +
                     std::string(key) + R"(","session":{"label":"x"}}})");
    ASSERT_TRUE(frame) << frame.error().message;
    const auto read = interpreter.event(std::get<EventFrame>(*frame), 1);
    ASSERT_EQ(read.observations.size(), 1U);
    EXPECT_TRUE(std::holds_alternative<fleet::SignOfLife>(read.observations[0].what));
    EXPECT_EQ(read.skipped.at(0), "key");
  }
}

/// A list of a million nothings costs neither the memory nor a fleet that looks empty.
TEST(Hardening, AListOfTooManyRowsIsRefused) {
  std::string frame = R"({"type":"res","id":"1","ok":true,"payload":{"sessions":[)";
  for (int i = 0; i < 200'000; ++i) frame += "{},";
  frame += "{}]}}";
  FrameParser parser;
  const auto parsed = parser.parse(frame);
  ASSERT_TRUE(parsed);
  Interpreter interpreter({.gateway = "default", .dialect = kDialectV4});
  std::vector<std::string_view> skipped;
  const auto page = interpreter.sessions_list(std::get<ResponseFrame>(*parsed).payload, skipped);
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().code, ErrorCode::kTooLarge);
}

/// Counting what was skipped must not become the attack.
TEST(Hardening, TheCountOfRefusedPartsIsBounded) {
  std::string frame = R"({"type":"res","id":"1","ok":true,"payload":{"sessions":[)";
  for (int i = 0; i < 50'000; ++i) frame += "{},";
  frame += "{}]}}";
  FrameParser parser;
  const auto parsed = parser.parse(frame);
  Interpreter interpreter({.gateway = "default", .dialect = kDialectV4});
  std::vector<std::string_view> skipped;
  EXPECT_TRUE(interpreter.sessions_list(std::get<ResponseFrame>(*parsed).payload, skipped));
  EXPECT_LE(skipped.size(), 1'000U);
}

}  // namespace
}  // namespace cc::gateway::protocol
