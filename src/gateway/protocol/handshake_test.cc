#include "gateway/protocol/handshake.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/testing/ed25519_check.h"
#include "gateway/testing/recordings.h"

namespace cc::gateway::protocol {
namespace {

using simdjson::dom::element;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

std::string text(element object, std::string_view name) {
  std::string_view view;
  return object.at_key(name).get(view) == simdjson::SUCCESS ? std::string(view) : std::string();
}

element member(element object, std::string_view name) {
  return object.at_key(name).value();
}

std::vector<std::string> names(element object) {
  std::vector<std::string> out;
  const simdjson::dom::object members = object.get_object().value();
  for (const auto field : members) out.emplace_back(field.key);
  return out;
}

Credentials with_token(std::string token) {
  Credentials credentials;
  credentials.token = Secret(std::move(token));
  return credentials;
}

const Challenge kChallenge{"nonce-1", 1'795'350'890'687};

std::string params(const DeviceIdentity& identity, const Credentials& credentials) {
  return connect_params(kChallenge, identity, credentials, {}, "0.1.0");
}

TEST(Challenge, IsReadFromBothProtocols) {
  const Parsed v4(R"({"nonce":"n","ts":12,"capabilities":["x"]})");
  const auto challenge = read_challenge(*v4);
  ASSERT_TRUE(challenge);
  EXPECT_EQ(challenge->nonce, "n");
  EXPECT_EQ(challenge->ts, 12);
}

TEST(Challenge, WithoutNonceOrTimeIsRefused) {
  for (const std::string_view json :
       {R"({"ts":1})", R"({"nonce":"","ts":1})", R"({"nonce":7,"ts":1})", R"({"nonce":"n"})",
        R"({"nonce":"n","ts":-1})", R"({"nonce":"n","ts":"1"})", R"({"nonce":"n","ts":1e300})",
        R"({"nonce":"n\u0000","ts":1})", "null", "[]"}) {
    const Parsed parsed(json);
    const auto challenge = read_challenge(*parsed);
    ASSERT_FALSE(challenge) << json;
    EXPECT_EQ(challenge.error().code, ErrorCode::kInvalid);
  }
}

TEST(Connect, OffersWhatBothProtocolsKnowAndNothingElse) {
  const auto identity = DeviceIdentity::generate();
  const Parsed parsed(params(identity, with_token("s3cret")));
  EXPECT_THAT(names(*parsed), ElementsAre("minProtocol", "maxProtocol", "client", "role", "scopes",
                                          "caps", "auth", "device", "userAgent"));
  EXPECT_EQ(member(*parsed, "minProtocol").get_int64().value(), 3);
  EXPECT_EQ(member(*parsed, "maxProtocol").get_int64().value(), 4);
  const auto client = member(*parsed, "client");
  EXPECT_EQ(text(client, "id"), "gateway-client");
  EXPECT_EQ(text(client, "mode"), "backend");
  EXPECT_EQ(text(client, "platform"), "linux");
  EXPECT_EQ(text(client, "displayName"), "Control Center");
  EXPECT_EQ(text(client, "version"), "0.1.0");
  EXPECT_EQ(text(*parsed, "role"), "operator");
  EXPECT_EQ(simdjson::minify(member(*parsed, "scopes")), R"(["operator.read"])");
  EXPECT_EQ(simdjson::minify(member(*parsed, "caps")), "[]");
}

TEST(Connect, SignsWhatItSays) {
  const auto identity = DeviceIdentity::generate();
  const Parsed parsed(params(identity, with_token("s3cret")));
  const auto device = member(*parsed, "device");
  EXPECT_EQ(text(device, "id"), identity.id());
  EXPECT_EQ(text(device, "nonce"), "nonce-1");
  EXPECT_EQ(member(device, "signedAt").get_int64().value(), kChallenge.ts);
  const auto payload = "v3|" + identity.id() +
                       "|gateway-client|backend|operator|operator.read|1795350890687|s3cret|"
                       "nonce-1|linux|";
  EXPECT_TRUE(verifies(text(device, "publicKey"), text(device, "signature"), payload));
}

TEST(Connect, ShowsOneTokenAndSignsThatOne) {
  const auto identity = DeviceIdentity::generate();
  struct Case {
    Credentials credentials;
    std::string auth;
    std::string signed_token;
  };
  const Secret shared("shared");
  const Secret device("device");
  const Secret password("pass");
  for (const auto& [credentials, auth, signed_token] :
       {Case{{}, "{}", ""}, Case{{shared, {}, {}}, R"({"token":"shared"})", "shared"},
        Case{{shared, {}, device}, R"({"token":"shared"})", "shared"},
        Case{{{}, {}, device}, R"({"deviceToken":"device"})", "device"},
        Case{{{}, password, {}}, R"({"password":"pass"})", ""},
        Case{{{}, password, device}, R"({"deviceToken":"device","password":"pass"})", "device"}}) {
    const Parsed parsed(params(identity, credentials));
    EXPECT_EQ(simdjson::minify(member(*parsed, "auth")), auth);
    const auto payload = "v3|" + identity.id() +
                         "|gateway-client|backend|operator|operator.read|1795350890687|" +
                         signed_token + "|nonce-1|linux|";
    const auto block = member(*parsed, "device");
    EXPECT_TRUE(verifies(text(block, "publicKey"), text(block, "signature"), payload)) << auth;
  }
}

/// What was really signed, and accepted, says whether our rule is the gateway's. In the recordings
/// tokens are replaced, except for the wrong one of this scenario.
TEST(Connect, ARecordedSignatureIsMadeByTheSameRule) {
  int checked = 0;
  for (const std::string scenario : {"v3/handshake-ok-device", "v4/handshake-ok-device"}) {
    for (const auto& line : read_recording(scenario)) {
      if (line.incoming || line.connection != "wrong-devicetoken") continue;
      const Parsed request(line.frame);
      const auto sent = member(*request, "params");
      const auto device = member(sent, "device");
      const auto id = text(device, "id");
      const auto nonce = text(device, "nonce");
      const auto token = text(member(sent, "auth"), "deviceToken");
      const auto payload = signature_payload({.device_id = id,
                                              .client_id = "cli",
                                              .client_mode = "cli",
                                              .role = "operator",
                                              .scopes = "operator.read",
                                              .signed_at = member(device, "signedAt").get_int64(),
                                              .token = token,
                                              .nonce = nonce,
                                              .platform = "linux",
                                              .device_family = {}});
      EXPECT_TRUE(verifies(text(device, "publicKey"), text(device, "signature"), payload));
      EXPECT_EQ(sha256_hex(from_base64url(text(device, "publicKey"))), id);
      ++checked;
    }
  }
  EXPECT_EQ(checked, 2);
}

TEST(Hello, OfEveryRecordedConnectionIsRead) {
  int hellos = 0;
  FrameParser parser;
  for (const auto& scenario : recorded_scenarios()) {
    for (const auto& line : read_recording(scenario)) {
      if (!line.incoming || line.frame.find("\"hello-ok\"") == std::string::npos) continue;
      const auto frame = parser.parse(line.frame);
      ASSERT_TRUE(frame);
      const auto hello = read_hello(std::get<ResponseFrame>(*frame).payload);
      ASSERT_TRUE(hello) << scenario;
      EXPECT_EQ(hello->protocol, protocol_of(scenario));
      EXPECT_EQ(hello->server_version, release_of(scenario));
      EXPECT_EQ(hello->shows_configuration, scenario.starts_with("v4/"));
      EXPECT_TRUE(hello->has_method("sessions.list"));
      EXPECT_FALSE(hello->has_method("sessions.lis"));
      EXPECT_TRUE(hello->scopes);
      EXPECT_EQ(hello->max_payload, kMaxFrameBytes);
      EXPECT_EQ(hello->tick_interval, Millis(30'000));
      EXPECT_TRUE(hello->presence);
      EXPECT_TRUE(hello->presence_version);
      ++hellos;
    }
  }
  EXPECT_GT(hellos, 50);
}

std::string recorded_hello(const std::string& scenario, const std::string& connection) {
  for (const auto& line : read_recording(scenario)) {
    if (line.incoming && line.connection == connection &&
        line.frame.find("\"hello-ok\"") != std::string::npos) {
      return line.frame;
    }
  }
  return {};
}

TEST(Hello, TellsTheScopesThatWereNotGranted) {
  FrameParser parser;
  const auto missing = [&](const std::string& connection) {
    const auto text = recorded_hello("v3/handshake-errors", connection);
    return read_hello(std::get<ResponseFrame>(*parser.parse(text)).payload)->missing_scopes();
  };
  EXPECT_THAT(missing("no-scopes"), ElementsAre("operator.read"));
  EXPECT_THAT(missing("unknown-scope"), ElementsAre("operator.read"));
  EXPECT_THAT(missing("read-only-scope"), IsEmpty());
}

TEST(Hello, BringsADeviceToken) {
  FrameParser parser;
  const auto text = recorded_hello("v3/handshake-ok-device", "v2-signature");
  const auto hello = read_hello(std::get<ResponseFrame>(*parser.parse(text)).payload);
  EXPECT_EQ(hello->device_token.reveal(), "<device-token>");
}

Hello hello_of(std::string_view json) {
  const Parsed parsed(json);
  auto hello = read_hello(*parsed);
  EXPECT_TRUE(hello) << json;
  if (!hello) return {};
  hello->presence.reset();
  return *hello;
}

TEST(Hello, OfAnOldGatewayHasNoAuth) {
  const auto hello = hello_of(R"({"type":"hello-ok","protocol":3,"server":{"version":"dev"}})");
  EXPECT_FALSE(hello.scopes);
  EXPECT_THAT(hello.missing_scopes(), IsEmpty());
  EXPECT_TRUE(hello.device_token.empty());
  EXPECT_EQ(hello.tick_interval, Millis(30'000));
}

TEST(Hello, WriteAndAdminImplyRead) {
  const auto missing = [](std::string_view scope) {
    return hello_of(R"({"type":"hello-ok","protocol":4,"auth":{"scopes":[")" + std::string(scope) +
                    "\"]}}")
        .missing_scopes();
  };
  EXPECT_THAT(missing("operator.write"), IsEmpty());
  EXPECT_THAT(missing("operator.admin"), IsEmpty());
  EXPECT_THAT(missing("operator.approvals"), ElementsAre("operator.read"));
}

TEST(Hello, LimitsAreBounded) {
  const auto hello = hello_of(
      R"({"type":"hello-ok","protocol":4,"policy":{"maxPayload":1e15,"tickIntervalMs":0}})");
  EXPECT_EQ(hello.max_payload, kMaxFrameBytes);
  EXPECT_EQ(hello.tick_interval, Millis(1'000));
  const auto other = hello_of(
      R"({"type":"hello-ok","protocol":4,"policy":{"maxPayload":1,"tickIntervalMs":9e12}})");
  EXPECT_EQ(other.max_payload, 64U * 1024);
  EXPECT_EQ(other.tick_interval, Millis(600'000));
}

TEST(Hello, ATokenThatCannotBeSentBackIsNone) {
  const auto hello =
      hello_of(R"({"type":"hello-ok","protocol":4,"auth":{"deviceToken":"a\nb","scopes":[]}})");
  EXPECT_TRUE(hello.device_token.empty());
}

TEST(Hello, IsRefusedWhereItIsNone) {
  for (const std::string_view json :
       {"null", "[]", R"({"type":"hello"})", R"({"type":"hello-ok"})",
        R"({"type":"hello-ok","protocol":"4"})", R"({"type":"hello-ok","protocol":0})",
        R"({"type":"hello-ok","protocol":1e9})", R"({"protocol":4})"}) {
    const Parsed parsed(json);
    const auto hello = read_hello(*parsed);
    ASSERT_FALSE(hello) << json;
    EXPECT_EQ(hello.error().code, ErrorCode::kInvalid);
  }
}

}  // namespace
}  // namespace cc::gateway::protocol
