#include "gateway_sim/serve/control.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway_sim/testing/stage.h"

namespace cc::sim {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

class ControlTest : public ::testing::Test {
 protected:
  HttpReply post(std::string path, std::string body) {
    return control_.handle({"POST", std::move(path), "", std::move(body)});
  }
  std::string fault(std::string body) { return post("/_sim/fault", std::move(body)).body; }
  Faults& faults() { return stage_.gateway.faults(); }

  Stage stage_{Protocol::kV4};
  std::vector<std::string> restarts_;
  Control control_{stage_.gateway,
                   [this](Millis down, Millis starting, const std::string& expected) {
                     restarts_.push_back(std::to_string(down.count()) + ' ' +
                                         std::to_string(starting.count()) + ' ' + expected);
                   }};
};

TEST_F(ControlTest, SaysWhatIsWrongWithAnOrder) {
  EXPECT_EQ(control_.handle({"GET", "/_sim/run", "", ""}).status, 405U);
  EXPECT_EQ(post("/_sim/run", "[").status, 400U);
  EXPECT_EQ(post("/_sim/unheard-of", "{}").status, 404U);
  EXPECT_THAT(post("/_sim/agents", R"({"op":"create"})").body, HasSubstr("is missing"));
  EXPECT_THAT(post("/_sim/sessions", R"({"op":"reset","key":"x"})").body,
              HasSubstr("there is no session x"));
}

TEST_F(ControlTest, NamesAllFaultsWhereOneIsUnknown) {
  const std::string answer = fault(R"({"kind":"unheard-of"})");
  EXPECT_THAT(answer, HasSubstr("is none, hang, mute, "));
  EXPECT_THAT(answer, HasSubstr(", restart or expire-approvals"));
}

TEST_F(ControlTest, AFaultThatLastsEndsWithItsCountOrWithNone) {
  fault(R"({"kind":"http-status","status":502,"count":2})");
  EXPECT_EQ(faults().http_status.take(), 502);
  EXPECT_EQ(faults().http_status.take(), 502);
  EXPECT_EQ(faults().http_status.take(), std::nullopt);
  fault(R"({"kind":"slow","ms":70,"method":"health"})");
  EXPECT_EQ(faults().slow, Millis{70});
  EXPECT_EQ(faults().slow_method, "health");
  fault(R"({"kind":"none"})");
  EXPECT_EQ(faults().slow, Millis{0});
}

TEST_F(ControlTest, AFaultThatStrikesReachesEveryConnection) {
  RecordingPeer other;
  stage_.gateway.join(other);
  fault(R"({"kind":"gap","skip":4})");
  fault(R"({"kind":"close","code":4001})");
  for (const RecordingPeer* peer : {&stage_.peer, &other}) {
    EXPECT_EQ(peer->skipped, 4U);
    EXPECT_EQ(peer->closed_with, 4001U);
  }
}

TEST_F(ControlTest, ARefusalIsTheNamedOneButForWhatTheOrderSays) {
  fault(
      R"({"kind":"refuse","error":"token-mismatch","closeCode":4000,"retryAfterMs":9,"count":1})");
  const auto refusal = faults().refuse.take();
  ASSERT_TRUE(refusal);
  EXPECT_THAT(refusal->details, HasSubstr("AUTH_TOKEN_MISMATCH"));
  EXPECT_EQ(refusal->close_code, 4000U);
  EXPECT_EQ(refusal->retry_after_ms, 9);
  EXPECT_THAT(fault(R"({"kind":"refuse","error":"unheard-of"})"), HasSubstr("token-mismatch, "));
}

TEST_F(ControlTest, ARestartSaysWhatIsExpected) {
  fault(R"({"kind":"restart","ms":5,"startingMs":6,"expectedMs":7})");
  fault(R"({"kind":"restart"})");
  EXPECT_EQ(restarts_, (std::vector<std::string>{"5 6 7", "2000 0 "}));
}

TEST_F(ControlTest, AnEventGoesToThoseWhoWouldHearIt) {
  const std::string subscribers = R"({"event":"sessions.changed","payload":{}})";
  EXPECT_THAT(post("/_sim/emit", subscribers).body, HasSubstr(R"("delivered":0)"));
  stage_.peer.client().subscribed = true;
  EXPECT_THAT(post("/_sim/emit", subscribers).body, HasSubstr(R"("delivered":1)"));
  EXPECT_THAT(stage_.peer.events, Contains("sessions.changed"));
}

TEST_F(ControlTest, ARunIsPlayedToItsOutcome) {
  const HttpReply reply =
      post("/_sim/run", R"({"sessionKey":"agent:main:main","durationMs":600,"outcome":"failed"})");
  EXPECT_THAT(reply.body, HasSubstr(R"("sessionKey":"agent:main:main")"));
  const Session& session = *stage_.gateway.world().sessions().find("agent:main:main");
  EXPECT_EQ(session.status, RunStatus::kRunning);
  stage_.scheduler.run_for(Millis{600});
  EXPECT_EQ(session.status, RunStatus::kFailed);
}

}  // namespace
}  // namespace cc::sim
