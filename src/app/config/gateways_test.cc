#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/config/forms.h"
#include "app/config/gateway_url.h"
#include "app/config/testing/config_material.h"

namespace cc::app {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> names(const Config& config) {
  std::vector<std::string> out;
  for (const auto& gateway : config.gateways) out.push_back(gateway.name);
  return out;
}

const std::string kTwo = R"(
[[gateway]]
name = "berlin"
ws_url = "ws://berlin:18789"

[[gateway]]
name = "oslo.2_x-y"
ws_url = "wss://oslo/"
rest_url = "https://oslo:8443/api/agents"
token_file = "/run/oslo"
password = "pw"
tls_fingerprint = "SHA256:AA:BBCCDDEEFF00112233445566778899AABBCCDDEEFF001122334455667788AA"
poll_interval = "10s"
ws_ready_timeout = "1m"
protocols = "4"
)";

TEST(Gateways, AreReadFromTheFile) {
  const ScratchDirectory directory;
  const auto config = load_config(from_file(directory, kTwo));
  ASSERT_TRUE(config) << config.error().message;
  ASSERT_THAT(names(*config), ElementsAre("berlin", "oslo.2_x-y"));
  const auto& berlin = config->gateways[0];
  EXPECT_EQ(berlin.ws_url, "ws://berlin:18789/");
  EXPECT_EQ(berlin.rest_url, "http://berlin:18789/api/agents");
  EXPECT_FALSE(berlin.token.given());
  EXPECT_FALSE(berlin.poll_interval);
  EXPECT_EQ(berlin.settings.ws_url, "ws_url of [[gateway]] berlin");
  const auto& oslo = config->gateways[1];
  EXPECT_EQ(oslo.rest_url, "https://oslo:8443/api/agents");
  EXPECT_TRUE(oslo.token.is_file());
  EXPECT_EQ(oslo.password.read()->reveal(), "pw");
  EXPECT_EQ(oslo.tls_fingerprint,
            "aabbccddeeff00112233445566778899aabbccddeeff001122334455667788aa");
  EXPECT_EQ(oslo.poll_interval, std::chrono::seconds(10));
  EXPECT_EQ(oslo.ws_ready_timeout, std::chrono::minutes(1));
  EXPECT_EQ(oslo.protocols->min, 4);
}

TEST(Gateways, DefaultStandsBesideTheTablesOnlyWhereAVariableNamesIt) {
  const ScratchDirectory directory;
  auto sources = from_file(directory, kTwo);
  sources.environment["GATEWAY_POLL_INTERVAL"] = "1s";  // for all of them
  EXPECT_THAT(names(*load_config(sources)), ElementsAre("berlin", "oslo.2_x-y"));
  sources.environment["WS_GATEWAY_URL"] = "off";
  EXPECT_THAT(names(*load_config(sources)), ElementsAre("berlin", "oslo.2_x-y"));
  sources.environment["WS_GATEWAY_URL"] = "ws://here:1/";
  EXPECT_THAT(names(*load_config(sources)), ElementsAre("default", "berlin", "oslo.2_x-y"));
}

TEST(Gateways, TheRestUrlStandsBesideTheWebSocketUnlessGiven) {
  const auto rest = [](Environment environment) {
    return load_config(from_environment(std::move(environment)))->gateways.at(0).rest_url;
  };
  EXPECT_EQ(rest({{"WS_GATEWAY_URL", "wss://hub:444/ws?x=1"}}), "https://hub:444/api/agents");
  EXPECT_EQ(rest({{"WS_GATEWAY_URL", "ws://[::1]:9/"}}), "http://[::1]:9/api/agents");
  EXPECT_EQ(rest({{"WS_GATEWAY_URL", "ws://hub/"}, {"GATEWAY_URL", "off"}}), std::nullopt);
  EXPECT_EQ(rest({{"WS_GATEWAY_URL", "off"}}), "http://host.docker.internal:18789/api/agents");
  EXPECT_EQ(rest({{"WS_GATEWAY_URL", ""}, {"GATEWAY_URL", "http://hub"}}), "http://hub/");
}

TEST(Gateways, ThereMayBeNone) {
  const auto config =
      load_config(from_environment({{"WS_GATEWAY_URL", "off"}, {"GATEWAY_URL", "off"}}));
  EXPECT_TRUE(config->gateways.empty());
}

struct BadTable {
  std::string toml;
  std::string line;  // after "FILE:"
};

TEST(Gateways, BadTablesAreOneLine) {
  const std::vector<BadTable> bad{
      {"[gateway]\nname = \"a\"", "1: gateway: is written as [[gateway]] tables"},
      {"[[gateway]]\nws_url = \"ws://a/\"", "1: gateway: has no name"},
      {"[[gateway]]\nname = \"a\"", "1: gateway: has neither ws_url nor rest_url"},
      {"[[gateway]]\nname = \"A b\"\n",
       "2: name: \"A b\" holds other characters; use 1 to 64 of a-z, 0-9, dot, underscore and "
       "dash"},
      {"[[gateway]]\nname = \"a\"\nurl = \"x\"",
       "3: url: unknown key of [[gateway]]; it has name, ws_url, rest_url, token, token_file, "
       "password, password_file, headers_file, tls_fingerprint, poll_interval, ws_ready_timeout, "
       "protocols, access"},
      {"[[gateway]]\nname=\"a\"\nws_url=\"ws://a/\"\n[[gateway]]\nname=\"a\"\nws_url=\"ws://b/\"",
       "4: gateway: a second gateway is named \"a\"; use names that differ"},
      {"[[gateway]]\nname=\"a\"\nws_url=\"ws://a/\"\ntls_fingerprint=\"" + std::string(64, 'a') +
           "\"",
       "1: gateway: has a tls_fingerprint, so its URLs must be wss:// and https://"},
      {"[[gateway]]\nname=\"a\"\ntls_fingerprint=\"aa\"",
       "3: tls_fingerprint: \"aa\" is not a SHA-256 fingerprint; use the certificate's SHA-256 as "
       "64 hex digits"},
      {"[[gateway]]\nname=\"a\"\ntoken=\"x\"\ntoken_file=\"y\"",
       "4: token_file: given beside token; use one of them"},
      {"[[gateway]]\nname=\"a\"\nws_url=\"ws://u:p@a/\"",
       "3: ws_url: holds credentials; give them as OPENCLAW_GATEWAY_TOKEN_FILE or token_file; use "
       "ws://HOST:PORT/, wss://HOST:PORT/ or off"},
  };
  const ScratchDirectory directory;
  for (const auto& [toml, line] : bad) {
    const auto sources = from_file(directory, toml);
    EXPECT_EQ(line_of(sources), sources.file->string() + ":" + line);
  }
}

TEST(Gateways, ATableCalledDefaultMeetsTheVariables) {
  const ScratchDirectory directory;
  auto sources = from_file(directory, "[[gateway]]\nname=\"default\"\nws_url=\"ws://a/\"");
  EXPECT_THAT(names(*load_config(sources)), ElementsAre("default"));
  sources.environment["OPENCLAW_GATEWAY_TOKEN"] = "x";
  EXPECT_THAT(line_of(sources), HasSubstr("a second gateway is named \"default\""));
}

TEST(Fallback, ReplacesOnlyBuiltInUrlsThatDoNotResolve) {
  const auto urls = [](Environment environment, bool resolves) {
    auto config = *load_config(from_environment(std::move(environment)));
    const auto said = fall_back_to_loopback(config, [=](const std::string&) { return resolves; });
    const auto& gateway = config.gateways.at(0);
    return std::vector<std::string>{gateway.ws_url.value_or("off"),
                                    gateway.rest_url.value_or("off"),
                                    said.empty() ? "" : said.front()};
  };
  EXPECT_THAT(urls({}, true), ElementsAre("ws://host.docker.internal:18789/",
                                          "http://host.docker.internal:18789/api/agents", ""));
  EXPECT_THAT(urls({}, false),
              ElementsAre("ws://127.0.0.1:18789/", "http://127.0.0.1:18789/api/agents",
                          "host.docker.internal does not resolve, looking for the gateway at "
                          "127.0.0.1 instead"));
  EXPECT_THAT(
      urls({{"WS_GATEWAY_URL", "ws://host.docker.internal:1/"}}, false),
      ElementsAre("ws://host.docker.internal:1/", "http://host.docker.internal:1/api/agents", ""));
  EXPECT_THAT(urls({{"WS_GATEWAY_URL", "off"}}, false),
              ElementsAre("off", "http://127.0.0.1:18789/api/agents", HasSubstr("127.0.0.1")));
}

TEST(Urls, TellTheirHost) {
  EXPECT_EQ(host_of("ws://hub/a?b=c"), "hub");
  EXPECT_EQ(host_of("https://[::1]:8/"), "::1");
  EXPECT_TRUE(uses_tls("https://[::1]/"));
  EXPECT_FALSE(uses_tls("ws://hub/"));
}

TEST(Forms, Durations) {
  EXPECT_EQ(*parse_duration("500ms"), Millis(500));
  EXPECT_EQ(*parse_duration("7d"), std::chrono::days(7));
  EXPECT_EQ(*parse_duration("3650d"), std::chrono::days(3650));
  for (const auto* bad : {"", "s", "1.5s", "+1s", " 1s", "1s ", "1 s", "1w", "1S", "3651d",
                          "99999999999999999999s", "18446744073709551615ms"}) {
    EXPECT_FALSE(parse_duration(bad)) << bad;
  }
}

TEST(Forms, Sizes) {
  EXPECT_EQ(*parse_size("1000000"), 1'000'000U);
  EXPECT_EQ(*parse_size("1KiB"), 1024U);
  EXPECT_EQ(*parse_size("1TiB"), std::uint64_t{1} << 40U);
  for (const auto* bad : {"", "GiB", "-1", "1.5GiB", "2G", "16777216TiB"}) {
    EXPECT_FALSE(parse_size(bad)) << bad;
  }
}

TEST(Forms, ListenAddresses) {
  EXPECT_EQ(parse_listen("LOCALHOST:80")->host, "localhost");
  EXPECT_EQ(parse_listen("[::]:0")->host, "::");
  for (const auto* bad : {"", ":", ":8787", "[::1]", "[::1:8787", "a b:1", "a:-1", "a:+1", "a:1x",
                          "http://a:1", "a:65536", "[]:1", "[x]:1"}) {
    EXPECT_FALSE(parse_listen(bad)) << bad;
  }
}

TEST(Forms, Urls) {
  using enum UrlKind;
  EXPECT_EQ(*parse_gateway_url("WS://Hub", kWebSocket), "WS://Hub/");
  for (const auto* bad : {"ws://", "ws://hub:0/", "ws://hub:99999/", "ws://hub/#x", "//hub",
                          "ws:hub", "ws://hub/ x", "ws://:pw@hub/"}) {
    EXPECT_FALSE(parse_gateway_url(bad, kWebSocket)) << bad;
  }
}

}  // namespace
}  // namespace cc::app
