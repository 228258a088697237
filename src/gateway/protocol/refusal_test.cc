#include "gateway/protocol/refusal.h"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/testing/recordings.h"

namespace cc::gateway::protocol {
namespace {

using Kind = Verdict::Kind;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

RefusalContext context() {
  RefusalContext out;
  out.has_shared_secret = true;
  out.has_device_token = true;
  out.loopback_or_pinned = true;
  out.url = "ws://gateway:18789/";
  return out;
}

Ending refused(std::string detail_code, std::string code = "INVALID_REQUEST") {
  Ending ending;
  ending.error.emplace();
  ending.error->code = std::move(code);
  ending.error->detail_code = std::move(detail_code);
  ending.close_code = 1008;
  return ending;
}

Ending closed(int code, std::string reason = {}, bool was_ready = true) {
  Ending ending;
  ending.close_code = code;
  ending.close_reason = std::move(reason);
  ending.was_ready = was_ready;
  return ending;
}

Verdict of(const Ending& ending) {
  return judge(ending, context());
}

// ---- every error that was recorded

/// Connection of a recording → how it ended: the answer to `connect` and the close.
std::map<std::string, Ending> endings_in(const std::string& scenario) {
  std::map<std::string, Ending> endings;
  std::map<std::string, bool> answered;
  FrameParser parser;
  for (const auto& line : read_recording(scenario)) {
    if (!line.incoming) continue;
    auto& ending = endings[line.connection];
    if (line.is_close) {
      ending.close_code = line.close_code;
      ending.close_reason = line.close_reason;
      continue;
    }
    const auto frame = parser.parse(line.frame);
    const auto* response = frame ? std::get_if<ResponseFrame>(&*frame) : nullptr;
    if (response == nullptr || answered[line.connection]) continue;
    answered[line.connection] = true;
    if (!response->ok) ending.error = response->error;
  }
  return endings;
}

struct RecordedRefusal {
  std::string_view scenario;
  std::string_view connection;
  Kind kind;
  Millis delay;
  std::string_view action;  // a part of it
};

constexpr Millis kSlow{60'000};
constexpr Millis kVerySlow{600'000};
constexpr std::string_view kToken = "set OPENCLAW_GATEWAY_TOKEN";

const RecordedRefusal kRecorded[] = {
    {"handshake-errors", "bad-token", Kind::kBlocked, kSlow, kToken},
    {"handshake-errors", "no-auth", Kind::kBlocked, kSlow, kToken},
    {"handshake-errors", "protocol-too-old", Kind::kBlocked, kVerySlow, "GATEWAY_PROTOCOLS"},
    {"handshake-errors", "protocol-too-new", Kind::kBlocked, kVerySlow, "GATEWAY_PROTOCOLS"},
    {"handshake-errors", "unknown-client-id", Kind::kBlocked, kVerySlow, "update Control Center"},
    {"handshake-errors", "unknown-mode", Kind::kBlocked, kVerySlow, "update Control Center"},
    {"handshake-errors", "extra-param", Kind::kBlocked, kVerySlow, "update Control Center"},
    {"handshake-errors", "ui-without-device", Kind::kBlocked, kSlow, "Origin"},
    {"handshake-errors", "backend-with-origin", Kind::kBlocked, kSlow, "Origin"},
    {"handshake-errors", "bad-signature", Kind::kBlocked, kSlow, "device key"},
    {"handshake-errors", "bad-device-id", Kind::kBlocked, kSlow, "device key"},
    {"handshake-errors", "bad-nonce", Kind::kBackoff, Millis(0), ""},
    {"handshake-errors", "stale-signedAt", Kind::kBackoff, Millis(0), ""},
    {"handshake-ok-device", "wrong-devicetoken", Kind::kBlocked, kSlow, "openclaw devices list"},
    {"pairing-required", "new-device", Kind::kBlocked, kSlow, "openclaw devices approve "},
};

TEST(Refusal, EveryRecordedOneIsJudged) {
  for (const auto& row : kRecorded) {
    for (const std::string version : {"v3/", "v4/"}) {
      const auto endings = endings_in(version + std::string(row.scenario));
      const auto found = endings.find(std::string(row.connection));
      ASSERT_NE(found, endings.end()) << row.connection;
      const auto verdict = of(found->second);
      EXPECT_EQ(verdict.kind, row.kind) << version << row.connection << ": " << verdict.detail;
      EXPECT_EQ(verdict.delay, row.delay) << version << row.connection;
      EXPECT_THAT(verdict.action, HasSubstr(std::string(row.action))) << version << row.connection;
      EXPECT_THAT(verdict.detail, HasSubstr("ws://gateway:18789/")) << version << row.connection;
    }
  }
}

TEST(Refusal, NoRecordedErrorIsLeftToTheBackoffUnknowingly) {
  int judged = 0;
  for (const auto& scenario : recorded_scenarios()) {
    for (const auto& [connection, ending] : endings_in(scenario)) {
      if (!ending.error) continue;
      const auto verdict = of(ending);
      EXPECT_THAT(verdict.detail, Not(HasSubstr("refuses the connection")))
          << scenario << connection;
      ++judged;
    }
  }
  EXPECT_GE(judged, 35);
}

TEST(Refusal, AStartingGatewayIsAskedAgainSoon) {
  const auto verdict = of(endings_in("v4/handshake-starting-unavailable").at("first"));
  EXPECT_EQ(verdict.kind, Kind::kRetryAfter);
  EXPECT_EQ(verdict.delay, Millis(500));
  EXPECT_THAT(verdict.action, IsEmpty());
}

TEST(Refusal, PairingSaysTheExactCommand) {
  const auto verdict = of(endings_in("v3/pairing-required").at("new-device"));
  EXPECT_EQ(verdict.action, "openclaw devices approve 724959e6-cb02-4db9-b694-e77167c32761");
  EXPECT_THAT(verdict.detail, HasSubstr("has not approved this installation yet"));
}

TEST(Refusal, ProtocolMismatchNamesBothRanges) {
  const auto v3 = of(endings_in("v3/handshake-errors").at("protocol-too-new"));
  EXPECT_THAT(v3.detail, AllOf(HasSubstr("protocol 3"), HasSubstr("3 to 4")));
  const auto v4 = of(endings_in("v4/handshake-errors").at("protocol-3-only"));
  EXPECT_THAT(v4.detail, AllOf(HasSubstr("protocol 4"), HasSubstr("3 to 4")));
}

// ---- the rest of the tables

TEST(Refusal, ErrorsByTheirDetails) {
  struct Case {
    std::string_view code;
    Kind kind;
    std::string_view action;
  };
  for (const auto& [code, kind, action] :
       {Case{"AUTH_TOKEN_MISSING", Kind::kBlocked, kToken},
        Case{"AUTH_TOKEN_NOT_CONFIGURED", Kind::kBlocked, "gateway.auth.token"},
        Case{"AUTH_PASSWORD_MISSING", Kind::kBlocked, "OPENCLAW_GATEWAY_PASSWORD"},
        Case{"AUTH_PASSWORD_MISMATCH", Kind::kBlocked, "OPENCLAW_GATEWAY_PASSWORD"},
        Case{"AUTH_PASSWORD_NOT_CONFIGURED", Kind::kBlocked, "gateway.auth.password"},
        Case{"AUTH_REQUIRED", Kind::kBlocked, kToken},
        Case{"AUTH_UNAUTHORIZED", Kind::kBlocked, kToken},
        Case{"AUTH_TRUSTED_PROXY_NOT_CONFIGURED", Kind::kBlocked, kToken},
        Case{"AUTH_SCOPE_MISMATCH", Kind::kBlocked, "operator.read"},
        Case{"DEVICE_AUTH_NONCE_REQUIRED", Kind::kBackoff, ""},
        Case{"DEVICE_AUTH_PUBLIC_KEY_INVALID", Kind::kBlocked, "device key"},
        Case{"DEVICE_AUTH_INVALID", Kind::kBlocked, "device key"}}) {
    const auto verdict = of(refused(std::string(code)));
    EXPECT_EQ(verdict.kind, kind) << code;
    EXPECT_THAT(verdict.action, HasSubstr(std::string(action))) << code;
    EXPECT_EQ(verdict.delay, kind == Kind::kBlocked ? kSlow : Millis(0)) << code;
  }
}

TEST(Refusal, HandshakesThatAreStaleAgainAndAgainAreForAPerson) {
  RefusalContext context;
  for (const auto* code : {"DEVICE_AUTH_NONCE_MISMATCH", "DEVICE_AUTH_SIGNATURE_EXPIRED"}) {
    context.stale_before = 1;
    EXPECT_EQ(judge(refused(code), context).kind, Kind::kBackoff);
    EXPECT_TRUE(judge(refused(code), context).stale);
    context.stale_before = 2;
    const auto verdict = judge(refused(code), context);
    EXPECT_EQ(verdict.kind, Kind::kBlocked);
    EXPECT_TRUE(verdict.stale);
    EXPECT_THAT(verdict.detail, HasSubstr(code));
    EXPECT_THAT(verdict.action, HasSubstr("clocks"));
  }
}

TEST(Refusal, TooManyTriesWaitAtLeastAMinute) {
  auto ending = refused("AUTH_RATE_LIMITED");
  EXPECT_EQ(of(ending).delay, kSlow);
  ending.error->retry_after = Millis(5'000);
  EXPECT_EQ(of(ending).delay, kSlow);
  ending.error->retry_after = Millis(300'000);
  EXPECT_EQ(of(ending).delay, Millis(300'000));
  EXPECT_EQ(of(ending).kind, Kind::kBlocked);
}

TEST(Refusal, AStaleDeviceTokenIsForgotten) {
  const auto verdict = of(refused("AUTH_DEVICE_TOKEN_MISMATCH"));
  EXPECT_TRUE(verdict.forget_device_token);
  EXPECT_TRUE(verdict.retry_without_device_token);
  auto alone = context();
  alone.has_shared_secret = false;
  const auto no_secret = judge(refused("AUTH_DEVICE_TOKEN_MISMATCH"), alone);
  EXPECT_TRUE(no_secret.forget_device_token);
  EXPECT_FALSE(no_secret.retry_without_device_token);
  EXPECT_FALSE(of(refused("AUTH_TOKEN_MISMATCH")).forget_device_token);
}

TEST(Refusal, AWrongTokenIsRetriedWithTheDeviceTokenWhereAllAgree) {
  auto ending = refused("AUTH_TOKEN_MISMATCH");
  EXPECT_FALSE(of(ending).retry_with_device_token);
  ending.error->can_retry_with_device_token = true;
  EXPECT_TRUE(of(ending).retry_with_device_token);
  auto remote = context();
  remote.loopback_or_pinned = false;
  EXPECT_FALSE(judge(ending, remote).retry_with_device_token);
  auto without = context();
  without.has_device_token = false;
  EXPECT_FALSE(judge(ending, without).retry_with_device_token);
}

TEST(Refusal, StartingIsRetriedWithinBounds) {
  auto ending = refused("", "UNAVAILABLE");
  ending.close_code = 1013;
  ending.error->retryable = true;
  EXPECT_EQ(of(ending).delay, Millis(500));
  ending.error->retry_after = Millis(5);
  EXPECT_EQ(of(ending).delay, Millis(100));
  ending.error->retry_after = Millis(60'000);
  EXPECT_EQ(of(ending).delay, Millis(2'000));
  EXPECT_EQ(of(ending).kind, Kind::kRetryAfter);
  ending.error->retryable = false;
  EXPECT_EQ(of(ending).kind, Kind::kBackoff);
  ending.error->detail_reason = "startup-sidecars";
  EXPECT_EQ(of(ending).kind, Kind::kRetryAfter);
}

TEST(Refusal, PairingIsTriedSoonerWhereTheGatewaySaysSo) {
  auto ending = refused("PAIRING_REQUIRED", "NOT_PAIRED");
  ending.error->request_id = "r1";
  ending.error->pause_reconnect = true;
  EXPECT_EQ(of(ending).delay, kSlow);
  ending.error->pause_reconnect = false;
  EXPECT_EQ(of(ending).delay, Millis(5'000));
  ending.error->pause_reconnect.reset();
  ending.error->recommended_next_step = "wait_then_retry";
  ending.error->retry_after = Millis(9'000);
  EXPECT_EQ(of(ending).delay, Millis(9'000));
  EXPECT_EQ(of(ending).kind, Kind::kBlocked);
}

TEST(Refusal, PairingSaysWhy) {
  const auto detail_of = [](std::string reason) {
    auto ending = refused("PAIRING_REQUIRED", "NOT_PAIRED");
    ending.error->detail_reason = std::move(reason);
    return of(ending).detail;
  };
  EXPECT_THAT(detail_of("scope-upgrade"), HasSubstr("operator.read"));
  EXPECT_THAT(detail_of("role-upgrade"), HasSubstr("as operator"));
  EXPECT_THAT(detail_of("metadata-upgrade"), HasSubstr("another platform"));
  EXPECT_THAT(detail_of("something-new"), HasSubstr("not approved this installation yet"));
}

/// The command is pasted into a shell: a gateway must not be able to write there.
TEST(Refusal, ARequestIdThatIsNoPlainIdIsNotPartOfTheCommand) {
  for (const std::string_view id : {"$(reboot)", "a; reboot", "a b", "-rf", "a\nb", "\u00e9", ""}) {
    auto ending = refused("PAIRING_REQUIRED", "NOT_PAIRED");
    ending.error->request_id = std::string(id);
    EXPECT_THAT(of(ending).action, HasSubstr("openclaw devices list")) << id;
    EXPECT_EQ(of(ending).action, of(refused("PAIRING_REQUIRED", "NOT_PAIRED")).action) << id;
  }
}

/// A gateway that repeats what it was shown must not bring it onto the page.
TEST(Refusal, NothingThatTheGatewayWroteInProseIsRepeated) {
  const std::string secret = "s3cret-t0ken-of-the-gateway";
  for (const std::string& code : {std::string(), std::string("AUTH_TOKEN_MISMATCH"),
                                  std::string("MISSING_SCOPE"), "AUTH_" + secret, secret}) {
    for (const auto& scope : {std::string(), secret}) {
      auto ending = refused(code, secret);
      ending.error->message = secret;
      ending.error->detail_reason = secret;
      ending.error->missing_scope = scope;
      ending.error->recommended_next_step = secret;
      ending.close_reason = secret;
      const auto verdict = of(ending);
      EXPECT_THAT(verdict.detail + verdict.action, Not(HasSubstr(secret))) << code;
    }
  }
  EXPECT_THAT(of(closed(1008, secret, false)).detail, Not(HasSubstr(secret)));
}

TEST(Refusal, AMissingScopeIsNamed) {
  auto ending = refused("MISSING_SCOPE", "FORBIDDEN");
  ending.error->missing_scope = "operator.read";
  EXPECT_THAT(of(ending).detail, HasSubstr("operator.read is missing"));
  auto v3 = refused("");
  v3.error->missing_scope = "operator.read";
  EXPECT_THAT(of(v3).detail, HasSubstr("operator.read is missing"));
  EXPECT_EQ(of(v3).kind, Kind::kBlocked);
}

TEST(Refusal, ClosesByTheirCode) {
  EXPECT_EQ(of(closed(1000)).kind, Kind::kBackoff);
  EXPECT_EQ(of(closed(1001)).kind, Kind::kBackoff);
  EXPECT_EQ(of(closed(1006)).kind, Kind::kBackoff);
  EXPECT_EQ(of(closed(1009)).kind, Kind::kBackoff);
  EXPECT_EQ(of(closed(1011)).kind, Kind::kBackoff);
  EXPECT_EQ(of(closed(4000)).kind, Kind::kBackoff);
  EXPECT_EQ(of(closed(4001)).kind, Kind::kBackoff);
  EXPECT_EQ(of(closed(4999)).kind, Kind::kBackoff);
  const auto mismatch = of(closed(1002, "protocol mismatch", false));
  EXPECT_EQ(mismatch.kind, Kind::kBlocked);
  EXPECT_EQ(mismatch.delay, kVerySlow);
  const auto starting = of(closed(1013, "gateway starting", false));
  EXPECT_EQ(starting.kind, Kind::kRetryAfter);
  EXPECT_EQ(starting.delay, Millis(500));
}

TEST(Refusal, APolicyCloseIsARefusalOnlyBeforeWeWereReady) {
  EXPECT_EQ(of(closed(1008, "invalid handshake", false)).kind, Kind::kBlocked);
  EXPECT_EQ(of(closed(1008, "slow consumer", true)).kind, Kind::kBackoff);
  EXPECT_EQ(of(closed(1008, "slow consumer", false)).kind, Kind::kBackoff);
}

TEST(Refusal, ARestartIsWaitedFor) {
  auto ending = closed(1012, "service restart");
  EXPECT_EQ(of(ending).kind, Kind::kRetryAfter);
  EXPECT_EQ(of(ending).delay, Millis(1'000));
  ending.restart_expected = Millis(4'000);
  EXPECT_EQ(of(ending).delay, Millis(4'000));
  ending.restart_expected = Millis(3'600'000);
  EXPECT_EQ(of(ending).delay, Millis(60'000));
  // One that restarts before it was of any use does not get a try a second for ever.
  EXPECT_EQ(of(closed(1012, "service restart", false)).kind, Kind::kBackoff);
}

TEST(Refusal, UpgradesByTheirStatus) {
  const auto answered = [](int status) {
    Ending ending;
    ending.http_status = status;
    return of(ending);
  };
  EXPECT_EQ(answered(401).kind, Kind::kBlocked);
  EXPECT_EQ(answered(403).kind, Kind::kBlocked);
  EXPECT_THAT(answered(403).action, HasSubstr("gateway.trustedProxies"));
  EXPECT_THAT(answered(403).detail, HasSubstr("HTTP 403"));
  EXPECT_EQ(answered(429).kind, Kind::kBlocked);
  EXPECT_EQ(answered(502).kind, Kind::kBackoff);
  EXPECT_EQ(answered(404).kind, Kind::kBackoff);
  EXPECT_THAT(answered(200).action, HasSubstr("WS_GATEWAY_URL"));
}

TEST(Refusal, ALostTransportSaysHow) {
  Ending ending;
  ending.transport = "connection refused";
  const auto verdict = of(ending);
  EXPECT_EQ(verdict.kind, Kind::kBackoff);
  EXPECT_EQ(verdict.detail,
            "No connection to the gateway at ws://gateway:18789/: connection refused.");
  EXPECT_THAT(verdict.action, HasSubstr("WS_GATEWAY_URL"));
  EXPECT_EQ(of({}).detail, "No connection to the gateway at ws://gateway:18789/.");
}

TEST(Refusal, AnUnknownErrorIsTriedAgain) {
  const auto verdict = of(refused("", "SOMETHING_NEW"));
  EXPECT_EQ(verdict.kind, Kind::kBackoff);
  EXPECT_THAT(verdict.detail, HasSubstr("SOMETHING_NEW"));
}

TEST(Sentences, NameTheSettingThatTheUserHas) {
  auto of_a_table = context();
  of_a_table.settings.token = "token_file of [[gateway]] alpha";
  EXPECT_EQ(judge(refused("AUTH_TOKEN_MISSING"), of_a_table).action,
            "set token_file of [[gateway]] alpha to the gateway's token");
}

}  // namespace
}  // namespace cc::gateway::protocol
