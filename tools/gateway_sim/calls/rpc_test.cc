#include "gateway_sim/calls/rpc.h"

#include <set>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway_sim/testing/stage.h"

namespace cc::sim {
namespace {

using ::testing::Contains;
using ::testing::Not;

class RpcTest : public ::testing::TestWithParam<Protocol> {
 protected:
  /// The payload, or the message of the refusal.
  std::string call(std::string_view method, const char* params = "{}") {
    const Answer answer =
        rpc_.call(stage_.peer.client(), method, boost::json::parse(params).as_object());
    return answer ? *answer : answer.error().message;
  }

  Stage stage_{GetParam()};
  Rpc rpc_{stage_.gateway};
};

TEST_P(RpcTest, AMethodHasOneName) {
  const std::vector<std::string> names = rpc_.names();
  EXPECT_EQ(std::set(names.begin(), names.end()).size(), names.size());
}

TEST_P(RpcTest, AMethodExistsWhereItsProtocolKnowsIt) {
  const bool v3 = GetParam() == Protocol::kV3;
  const std::string missing = v3 ? "sessions.describe" : "sessions.unsubscribe";
  const std::string present = v3 ? "sessions.unsubscribe" : "sessions.describe";
  EXPECT_THAT(rpc_.names(), Contains(present));
  EXPECT_THAT(rpc_.names(), Not(Contains(missing)));
  EXPECT_EQ(call(missing), "unknown method: " + missing);
}

// A client whose answer was lost asks again.
TEST_P(RpcTest, AMessageWithAKnownKeyIsNotSaidTwice) {
  constexpr const char* kSay =
      R"({"sessionKey":"agent:main:main","message":"hi","idempotencyKey":"k1"})";
  EXPECT_EQ(boost::json::parse(call("chat.send", kSay)).at("status"), "started");
  EXPECT_NE(boost::json::parse(call("chat.send", kSay)).at("status"), "started");
  const auto said = boost::json::parse(call("chat.history", R"({"sessionKey":"agent:main:main"})"));
  EXPECT_EQ(said.at("messages").as_array().size(), 1U);
}

TEST_P(RpcTest, OnlyAnAdminLearnsThatAMethodDoesNotExist) {
  stage_.peer.client().scopes = {"operator.write"};
  EXPECT_EQ(call("no.such"), "missing scope: operator.admin");
}

TEST_P(RpcTest, AWriterPatchesOnProtocol4Only) {
  stage_.peer.client().scopes = {"operator.write"};
  const std::string answer = call("sessions.patch", R"({"key":"agent:main:main","label":"New"})");
  if (GetParam() == Protocol::kV3) {
    EXPECT_EQ(answer, "missing scope: operator.admin");
  } else {
    EXPECT_EQ(boost::json::parse(answer).at("entry").at("label"), "New");
  }
}

TEST_P(RpcTest, AScopeIsAskedForBeforeTheParametersAreRead) {
  stage_.peer.client().scopes = {"operator.read"};
  EXPECT_EQ(call("agents.create", R"({"extra":1})"), "missing scope: operator.admin");
  EXPECT_EQ(call("sessions.list", R"({"extra":1})"),
            "invalid sessions.list params: at root: unexpected property 'extra'");
}

TEST_P(RpcTest, OnlyProtocol3MissesAWorkspace) {
  const std::string answer = call("agents.create", R"({"name":"New One"})");
  if (GetParam() == Protocol::kV3) {
    EXPECT_EQ(answer,
              "invalid agents.create params: at root: must have required property 'workspace'");
  } else {
    EXPECT_EQ(boost::json::parse(answer).at("agentId"), "new-one");
  }
}

TEST_P(RpcTest, AMessageThatIsSentTwiceStartsOneRun) {
  const char* const message =
      R"({"sessionKey":"agent:main:talk","message":"go","idempotencyKey":"m-1"})";
  EXPECT_EQ(call("chat.send", message), R"({"runId":"m-1","status":"started"})");
  EXPECT_EQ(call("chat.send", message), R"({"runId":"m-1","status":"in_flight"})");
  stage_.scheduler.run_for(Millis{10'000});
  EXPECT_EQ(stage_.gateway.world().sessions().find("agent:main:talk")->last_run, "m-1");
}

TEST_P(RpcTest, AnAbortEndsTheRunThatItNames) {
  call("chat.send", R"({"sessionKey":"agent:main:talk","message":"go","idempotencyKey":"m-1"})");
  EXPECT_EQ(call("sessions.abort", R"({"runId":"m-1"})"),
            R"({"ok":true,"abortedRunId":"m-1","status":"aborted"})");
  EXPECT_EQ(call("sessions.abort", R"({"runId":"m-1"})"),
            R"({"ok":true,"abortedRunId":null,"status":"no-active-run"})");
}

INSTANTIATE_TEST_SUITE_P(Both, RpcTest, ::testing::Values(Protocol::kV3, Protocol::kV4),
                         [](const auto& chosen) {
                           return chosen.param == Protocol::kV3 ? "V3" : "V4";
                         });

}  // namespace
}  // namespace cc::sim
