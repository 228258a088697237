#include "gateway/probe.h"

#include <thread>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/testing/scripted_gateway.h"

namespace cc::gateway::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// A probe blocks, so the gateway runs on a thread of its own.
class Probe : public ::testing::Test {
 protected:
  Probe() {
    options.name = "default";
    options.ws_url = gateway.ws_url();
    options.rest_url = gateway.rest_url();
    options.timing.closing = Millis(200);
    options.token = [] { return Result<Secret>(Secret("right")); };
  }
  ~Probe() override {
    io_.stop();
    thread_.join();
  }

  /// After the script.
  void serve() {
    thread_ = std::thread([this] { io_.run(); });
  }
  [[nodiscard]] Result<WsProbe> probe() const {
    return probe_ws(options, protocol::DeviceIdentity::generate());
  }
  void reply(const HttpReply& with) {
    gateway.on_http = [with](const HttpSeen&) { return with; };
  }

 private:
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
      io_.get_executor()};
  std::thread thread_;

 protected:
  ScriptedGateway gateway{io_};
  LinkOptions options;
};

TEST_F(Probe, TellsWhatTheGatewaySaysOfItself) {
  serve();
  const auto found = probe();
  ASSERT_TRUE(found) << found.error().message;
  ASSERT_TRUE(found->hello) << found->verdict.detail;
  EXPECT_EQ(found->hello->protocol, 4);
  EXPECT_THAT(found->hello->missing_scopes(), IsEmpty());
  EXPECT_FALSE(found->hello->presence) << "it would outlive its frame";
}

TEST_F(Probe, JudgesARefusalAsALinkWould) {
  gateway.on_request = [](Peer& peer, const Request& request) {
    peer.refuse(request.id, R"({"code":"INVALID_REQUEST","message":"no",)"
                            R"("details":{"code":"AUTH_TOKEN_MISMATCH"}})");
    peer.close(1008, "unauthorized");
    return true;
  };
  serve();
  const auto found = probe();
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_FALSE(found->hello);
  EXPECT_EQ(found->verdict.kind, protocol::Verdict::Kind::kBlocked);
  EXPECT_THAT(found->verdict.action, HasSubstr("OPENCLAW_GATEWAY_TOKEN"));
}

TEST_F(Probe, FindsNobody) {
  gateway.close_door();
  serve();
  const auto found = probe();
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_FALSE(found->hello);
  EXPECT_THAT(found->verdict.detail, HasSubstr("No connection"));
}

TEST_F(Probe, AnswersWhatIsWrongWithASecret) {
  options.token = [] { return Result<Secret>(fail(ErrorCode::kRefused, "others can read it")); };
  serve();
  const auto found = probe();
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().message, "others can read it");
}

TEST_F(Probe, CountsTheAgentsOfTheRestEndpoint) {
  reply({200, "application/json", R"([{"id":"main"},{"id":"otto"}])"});
  serve();
  const auto found = probe_rest(options);
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->kind, RestProbe::Kind::kAgents);
  EXPECT_EQ(found->agents, 2U);
}

TEST_F(Probe, SaysWhenTheRestEndpointDeniesUs) {
  reply({401, "application/json", R"({"error":"no"})"});
  serve();
  const auto found = probe_rest(options);
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->kind, RestProbe::Kind::kDenied);
  EXPECT_EQ(found->status, 401);
}

TEST_F(Probe, AsksTheToolsOfAGatewayWithoutTheEndpoint) {
  gateway.on_http = [](const HttpSeen& seen) -> HttpReply {
    if (seen.target == "/tools/invoke") return {200, "application/json", "{}"};
    return {404, "text/plain", "Not Found"};
  };
  serve();
  const auto found = probe_rest(options);
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->kind, RestProbe::Kind::kToolsOnly);
}

}  // namespace
}  // namespace cc::gateway::testing
