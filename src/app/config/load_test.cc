#include "app/config/load.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/config/testing/config_material.h"

namespace cc::app {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

/// How one setting shows in a configuration, as text.
struct Probe {
  std::string_view variable;
  std::string value;  // differs from the default
  std::string (*seen)(const Config& config);
  std::string expected;
};

std::string secret(const SecretSource& source) {
  const auto read = source.read();
  return read ? read->reveal() : read.error().message;
}

std::string ms(Millis duration) {
  return std::to_string(duration.count());
}

const GatewayConfig& first(const Config& config) {
  return config.gateways.at(0);
}

const std::string kTokenFile = "/nowhere/token";
const std::string kUnreadable = ": cannot read /nowhere/token: No such file or directory";

const std::vector<Probe>& probes() {
  static const std::vector<Probe> all{
      {"WS_GATEWAY_URL", "wss://hub:1/x", [](const Config& c) { return *first(c).ws_url; },
       "wss://hub:1/x"},
      {"GATEWAY_URL", "https://hub:2/agents", [](const Config& c) { return *first(c).rest_url; },
       "https://hub:2/agents"},
      {"OPENCLAW_GATEWAY_TOKEN", "s3cret", [](const Config& c) { return secret(first(c).token); },
       "s3cret"},
      {"OPENCLAW_GATEWAY_TOKEN_FILE", kTokenFile,
       [](const Config& c) { return secret(first(c).token); }, kUnreadable},
      {"OPENCLAW_GATEWAY_PASSWORD", "s3cret",
       [](const Config& c) { return secret(first(c).password); }, "s3cret"},
      {"OPENCLAW_GATEWAY_PASSWORD_FILE", kTokenFile,
       [](const Config& c) { return secret(first(c).password); }, kUnreadable},
      {"OPENCLAW_GATEWAY_HEADERS_FILE", kTokenFile,
       [](const Config& c) { return first(c).headers.path.string(); }, kTokenFile},
      {"GATEWAY_POLL_INTERVAL", "500ms", [](const Config& c) { return ms(c.poll_interval); },
       "500"},
      {"CONTROL_CENTER_WS_READY_TIMEOUT", "2m",
       [](const Config& c) { return ms(c.ws_ready_timeout); }, "120000"},
      {"CONTROL_CENTER_LISTEN", "[::1]:0",
       [](const Config& c) { return c.listen.host + " " + std::to_string(c.listen.port); },
       "::1 0"},
      {"CONTROL_CENTER_DATA_DIR", "/srv/cc", [](const Config& c) { return c.data_dir.string(); },
       "/srv/cc"},
      {"DATABASE_URL", "sqlite:/srv/db", [](const Config& c) { return c.database.string(); },
       "/srv/db"},
      {"CONTROL_CENTER_TOKEN", "0123456789abcdef",
       [](const Config& c) { return secret(c.admin_token); }, "0123456789abcdef"},
      {"CONTROL_CENTER_TOKEN_FILE", kTokenFile,
       [](const Config& c) { return secret(c.admin_token); }, kUnreadable},
      {"CONTROL_CENTER_SECRET_FILES", "mounted",
       [](const Config& c) {
         return std::string(c.secret_files == files::Exposure::kUnchangeable ? "mounted" : "other");
       },
       "mounted"},
      {"CONTROL_CENTER_RETENTION", "1h", [](const Config& c) { return ms(c.retention); },
       "3600000"},
      {"CONTROL_CENTER_RETENTION_BYTES", "512MiB",
       [](const Config& c) { return std::to_string(c.retention_bytes); }, "536870912"},
      {"CONTROL_CENTER_DURABILITY", "relaxed",
       [](const Config& c) {
         return std::string(c.durability == store::Durability::kRelaxed ? "relaxed" : "full");
       },
       "relaxed"},
      {"CONTROL_CENTER_STALL_AFTER", "90s", [](const Config& c) { return ms(c.stall_after); },
       "90000"},
      {"CONTROL_CENTER_ALLOWED_HOSTS", "Fleet.example, [2001:DB8::1]",
       [](const Config& c) { return c.allowed_hosts.at(0) + " " + c.allowed_hosts.at(1); },
       "fleet.example 2001:db8::1"},
      {"CONTROL_CENTER_BASE_PATH", "/fleet", [](const Config& c) { return c.base_path; },
       "/fleet/"},
      {"CONTROL_CENTER_TLS_CERT_FILE", "/c.pem",
       [](const Config& c) { return c.tls_certificate.path.string(); }, "/c.pem"},
      {"CONTROL_CENTER_TLS_KEY_FILE", "/k.pem",
       [](const Config& c) { return c.tls_key.path.string(); }, "/k.pem"},
      {"CONTROL_CENTER_TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8,::1",
       [](const Config& c) { return std::to_string(c.trusted_proxies.size()); }, "3"},
      {"CONTROL_CENTER_GATEWAY_PROTOCOLS", "4",
       [](const Config& c) {
         return std::to_string(c.protocols.min) + "-" + std::to_string(c.protocols.max);
       },
       "4-4"},
      {"CONTROL_CENTER_GATEWAY_ACCESS", "operate",
       [](const Config& c) { return std::string(text(c.access)); }, "operate"},
      {"CONTROL_CENTER_LOG_LEVEL", "debug",
       [](const Config& c) {
         return std::string(c.log_level == telemetry::LogLevel::kDebug ? "debug" : "other");
       },
       "debug"},
      {"CONTROL_CENTER_LOG_FORMAT", "json",
       [](const Config& c) {
         return std::string(c.log_format == telemetry::LogFormat::kJson ? "json" : "text");
       },
       "json"},
  };
  return all;
}

std::string toml_line(const Probe& probe) {
  return key_of(*find_setting(probe.variable)) + " = \"" + probe.value + "\"\n";
}

// A secret file's error begins with the key, which differs from source to source.
void expect_seen(const Sources& sources, const Probe& probe) {
  const auto config = load_config(sources);
  ASSERT_TRUE(config) << config.error().message;
  if (probe.expected == kUnreadable) {
    EXPECT_THAT(probe.seen(*config), ::testing::EndsWith(kUnreadable));
  } else {
    EXPECT_EQ(probe.seen(*config), probe.expected);
  }
}

TEST(Settings, EachHasAProbe) {
  ASSERT_EQ(probes().size(), settings().size());
  for (std::size_t i = 0; i < probes().size(); ++i) {
    EXPECT_EQ(probes()[i].variable, settings()[i].variable);
  }
}

TEST(Settings, EachIsReadFromFlagEnvironmentAndFile) {
  const ScratchDirectory directory;
  for (const auto& probe : probes()) {
    SCOPED_TRACE(probe.variable);
    expect_seen(from_flag(probe.variable, probe.value), probe);
    expect_seen(from_environment({{std::string(probe.variable), probe.value}}), probe);
    expect_seen(from_file(directory, toml_line(probe)), probe);
  }
}

TEST(Settings, HelpNamesEachFlagAndVariable) {
  for (const auto& setting : settings()) {
    EXPECT_THAT(settings_help(), HasSubstr(flag_of(setting) + " "));
    EXPECT_THAT(settings_help(), HasSubstr("(" + std::string(setting.variable) + ")"));
  }
}

TEST(Defaults, AreTheContracts) {
  const auto config = load_config(from_environment({}));
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(*first(*config).ws_url, "ws://host.docker.internal:18789/");
  EXPECT_EQ(*first(*config).rest_url, "http://host.docker.internal:18789/api/agents");
  EXPECT_EQ(first(*config).name, "default");
  EXPECT_EQ(config->listen.host, "127.0.0.1");
  EXPECT_EQ(config->listen.port, 8787);
  EXPECT_EQ(config->data_dir, "/home/otto/.local/state/control-center");
  EXPECT_EQ(config->database, "/home/otto/.local/state/control-center/control-center.db");
  EXPECT_EQ(config->poll_interval, std::chrono::seconds(5));
  EXPECT_EQ(config->ws_ready_timeout, std::chrono::seconds(30));
  EXPECT_EQ(config->retention, std::chrono::days(7));
  EXPECT_EQ(config->retention_bytes, std::uint64_t{2} << 30U);
  EXPECT_EQ(config->durability, store::Durability::kFull);
  EXPECT_EQ(config->stall_after, std::chrono::minutes(10));
  EXPECT_EQ(config->protocols.min, 3);
  EXPECT_EQ(config->protocols.max, 4);
  EXPECT_FALSE(config->admin_token.given());
  EXPECT_TRUE(config->warnings.empty());
}

TEST(Defaults, DataDirectoryFollowsXdgWhereItIsAbsolute) {
  const auto state = load_config(from_environment({{"XDG_STATE_HOME", "/state"}}));
  EXPECT_EQ(state->data_dir, "/state/control-center");
  const auto relative = load_config(from_environment({{"XDG_STATE_HOME", "state"}}));
  EXPECT_EQ(relative->data_dir, "/home/otto/.local/state/control-center");
  EXPECT_EQ(line_of({}),
            "CONTROL_CENTER_DATA_DIR: not given, and there is no HOME to keep data in; "
            "use the path of a directory");
}

TEST(Precedence, FlagBeatsEnvironmentBeatsFileBeatsDefault) {
  const ScratchDirectory directory;
  auto sources =
      from_file(directory, "listen = \"file:1\"\nretention = \"1d\"\nstall_after = \"1m\"");
  sources.environment["CONTROL_CENTER_LISTEN"] = "variable:2";
  sources.environment["CONTROL_CENTER_RETENTION"] = "2d";
  sources.flags.merge(from_flag("CONTROL_CENTER_LISTEN", "flag:3").flags);
  const auto config = load_config(sources);
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->listen.host, "flag");
  EXPECT_EQ(config->retention, std::chrono::days(2));
  EXPECT_EQ(config->stall_after, std::chrono::minutes(1));
}

TEST(Precedence, ATokenOfAStrongerSourceBeatsATokenFileOfAWeakerOne) {
  const ScratchDirectory directory;
  auto sources = from_file(directory, "openclaw_gateway_token_file = \"/nowhere\"");
  sources.environment["OPENCLAW_GATEWAY_TOKEN"] = "mine";
  EXPECT_EQ(secret(first(*load_config(sources)).token), "mine");
  sources.environment["OPENCLAW_GATEWAY_TOKEN"] = "";  // as a container leaves one out
  EXPECT_TRUE(first(*load_config(sources)).token.is_file());
  sources.environment["OPENCLAW_GATEWAY_TOKEN"] = "mine";
  sources.environment["OPENCLAW_GATEWAY_TOKEN_FILE"] = "/elsewhere";
  EXPECT_EQ(line_of(sources),
            "OPENCLAW_GATEWAY_TOKEN_FILE: given beside OPENCLAW_GATEWAY_TOKEN; use one of them");
}

struct Bad {
  std::string_view variable;
  std::string value;
  std::string problem;
};

TEST(BadValues, AreOneLineThatNamesTheKeyAndTheForm) {
  const std::vector<Bad> bad{
      {"WS_GATEWAY_URL", "http://hub/", "\"http://hub/\" has another scheme"},
      {"WS_GATEWAY_URL", "hub", "\"hub\" is not a URL"},
      {"GATEWAY_URL", "ws://hub/", "\"ws://hub/\" has another scheme"},
      {"GATEWAY_URL", "http:///x", "\"http:///x\" has no host"},
      {"GATEWAY_POLL_INTERVAL", "5", "\"5\" has no unit"},
      {"GATEWAY_POLL_INTERVAL", "0s", "\"0s\" is under 100ms"},
      {"CONTROL_CENTER_WS_READY_TIMEOUT", "-1s", "\"-1s\" is not a whole number with a unit"},
      {"CONTROL_CENTER_LISTEN", "8787", "\"8787\" has no port"},
      {"CONTROL_CENTER_LISTEN", "localhost:99999",
       "\"localhost:99999\" has no port between 0 and 65535"},
      {"CONTROL_CENTER_LISTEN", "::1:8787", "\"::1:8787\" holds an IPv6 address without brackets"},
      {"CONTROL_CENTER_DATA_DIR", "", "\"\" is empty"},
      {"CONTROL_CENTER_RETENTION", "a week", "\"a week\" is not a whole number with a unit"},
      {"CONTROL_CENTER_RETENTION", "4000d", "\"4000d\" is longer than ten years"},
      {"CONTROL_CENTER_RETENTION_BYTES", "2GB", "\"2GB\" has an unknown unit"},
      {"CONTROL_CENTER_DURABILITY", "yes", "\"yes\" is not one of the words"},
      {"CONTROL_CENTER_STALL_AFTER", "10", "\"10\" has no unit"},
      {"CONTROL_CENTER_ALLOWED_HOSTS", "a/b", "\"a/b\" holds something that is not a host name"},
      {"CONTROL_CENTER_BASE_PATH", "fleet/", "\"fleet/\" does not begin with a slash"},
      {"CONTROL_CENTER_BASE_PATH", "/a b", "\"/a b\" is no plain path"},
      {"CONTROL_CENTER_BASE_PATH", "/a/../b", "\"/a/../b\" has an empty or dotted part"},
      {"CONTROL_CENTER_TRUSTED_PROXIES", "10.0.0.1, proxy.example",
       "\"10.0.0.1, proxy.example\" holds something that is neither an address nor a network"},
      {"CONTROL_CENTER_GATEWAY_PROTOCOLS", "2-4", "\"2-4\" names a protocol that is not spoken"},
      {"CONTROL_CENTER_LOG_LEVEL", "loud\n", "\"loud\" is not one of the words"},
      {"CONTROL_CENTER_LOG_FORMAT", "xml", "\"xml\" is not one of the words"},
      // Not repeated: it is a secret, or may hold one.
      {"CONTROL_CENTER_TOKEN", "short", "is too short"},
      {"DATABASE_URL", "mysql://u:p@h/d", "does not begin with sqlite:"},
      {"WS_GATEWAY_URL", "http://hub/?token=s3cret", "has another scheme"},
      {"WS_GATEWAY_URL", "ws://u:p@hub/",
       "holds credentials; give them as OPENCLAW_GATEWAY_TOKEN_FILE or token_file"},
  };
  for (const auto& [variable, value, problem] : bad) {
    const auto* setting = find_setting(variable);
    const auto rest = ": " + problem + "; use " + std::string(setting->form);
    EXPECT_EQ(line_of(from_environment({{std::string(variable), value}})),
              std::string(variable) + rest);
    EXPECT_EQ(line_of(from_flag(variable, value)), flag_of(*setting) + rest);
  }
}

// `env_file`s with Windows line ends, and values copied from web pages.
TEST(Blanks, AroundAValueAreNoPartOfIt) {
  EXPECT_EQ(load_config(from_environment({{"GATEWAY_POLL_INTERVAL", "5s\r"}}))->poll_interval,
            std::chrono::seconds(5));
  EXPECT_EQ(
      secret(
          first(*load_config(from_environment({{"OPENCLAW_GATEWAY_TOKEN", " s3cret\r\n"}}))).token),
      "s3cret");
  EXPECT_EQ(load_config(from_flag("CONTROL_CENTER_LISTEN", "127.0.0.1:0\n"))->listen.port, 0);
}

TEST(Invisible, IsShownInAMessage) {
  EXPECT_THAT(line_of(from_environment({{"GATEWAY_POLL_INTERVAL", "5s\u00A0"}})),
              HasSubstr("\"5s<U+00A0>\" has an unknown unit"));
  EXPECT_THAT(line_of(from_environment({{"CONTROL_CENTER_LISTEN", "\uFEFF127.0.0.1:0"}})),
              HasSubstr("<U+FEFF>"));
}

TEST(Invisible, IsRefusedInASecret) {
  EXPECT_EQ(line_of(from_environment({{"OPENCLAW_GATEWAY_TOKEN", "\uFEFFs3cret"}})),
            "OPENCLAW_GATEWAY_TOKEN: holds a character that cannot be seen (U+FEFF); use the "
            "gateway's shared token");
  EXPECT_THAT(line_of(from_environment({{"CONTROL_CENTER_TOKEN", "0123456789\nabcdef"}})),
              HasSubstr("cannot be seen (U+000A)"));
  EXPECT_THAT(line_of(from_environment({{"CONTROL_CENTER_TOKEN", std::string(40, ' ')}})),
              HasSubstr("is too short"));
}

TEST(Database, FormsThatMeanAnotherFileThanTheyLookLikeAreRefused) {
  for (const auto* url : {"sqlite://./x.db", "sqlite://rel.db", "sqlite:x.db?mode=ro"}) {
    EXPECT_THAT(line_of(from_environment({{"DATABASE_URL", url}})), HasSubstr("; use sqlite:PATH"))
        << url;
  }
  EXPECT_EQ(load_config(from_environment({{"DATABASE_URL", "sqlite:///srv/x.db"}}))
                ->database.lexically_normal(),
            "/srv/x.db");
}

TEST(File, ThatNeverEndsIsNotRead) {
  auto sources = from_environment({});
  sources.file = "/dev/zero";
  EXPECT_THAT(line_of(sources), HasSubstr("--config: /dev/zero is not a plain file"));
}

TEST(BadValues, InTheFileAreNamedWithTheirLine) {
  const ScratchDirectory directory;
  const auto sources = from_file(directory, "retention = \"7d\"\nlisten = \"nowhere\"\n");
  EXPECT_EQ(line_of(sources), sources.file->string() +
                                  ":2: listen: \"nowhere\" has no port; use HOST:PORT such as "
                                  "127.0.0.1:8787 or [::1]:8787");
}

TEST(UnknownKeys, AreNamedAsTheyWereWritten) {
  const ScratchDirectory directory;
  EXPECT_EQ(line_of(from_environment({{"CONTROL_CENTER_LISTN", "x"}})),
            "CONTROL_CENTER_LISTN: unknown variable; control-center --help lists the settings");
  const auto file = from_file(directory, "\nlistn = \"x\"\n");
  EXPECT_EQ(line_of(file), file.file->string() +
                               ":2: listn: unknown key; control-center --help lists the settings");
  EXPECT_TRUE(load_config(from_environment({{"OPENCLAW_HOME", "/x"}, {"PATH", "/bin"}})));
}

TEST(File, MustBeReadableToml) {
  const ScratchDirectory directory;
  auto sources = from_environment({});
  sources.file = "/nowhere/cc.toml";
  EXPECT_EQ(line_of(sources), "--config: cannot read /nowhere/cc.toml: No such file or directory");
  sources.file = directory.path();
  EXPECT_THAT(line_of(sources), HasSubstr(" is not a plain file"));
  const auto broken = from_file(directory, "listen = \n");
  EXPECT_THAT(line_of(broken), HasSubstr("cc.toml:1: not TOML: "));
  EXPECT_THAT(line_of(broken), Not(HasSubstr("\n")));
}

TEST(File, TakesNumbersAndListsWhereTheyMakeSense) {
  const ScratchDirectory directory;
  const auto config = load_config(
      from_file(directory, "retention_bytes = 1000000\nallowed_hosts = [\"a.example\", \"b\"]\n"));
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->retention_bytes, 1'000'000U);
  EXPECT_THAT(config->allowed_hosts, ElementsAre("a.example", "b"));
  EXPECT_THAT(line_of(from_file(directory, "listen = true")),
              HasSubstr("cc.toml:1: listen: is not a string; use HOST:PORT"));
}

TEST(Warnings, SpeakOfSecretsThatOthersCanSee) {
  const ScratchDirectory directory;
  auto sources = from_flag("OPENCLAW_GATEWAY_TOKEN", "s3cret");
  EXPECT_THAT(load_config(sources)->warnings,
              ElementsAre(HasSubstr("--openclaw-gateway-token on the command line")));
  sources = from_file(directory, "openclaw_gateway_token = \"s3cret\"");
  EXPECT_TRUE(load_config(sources)->warnings.empty());
  std::filesystem::permissions(*sources.file, std::filesystem::perms(0644));
  EXPECT_THAT(load_config(sources)->warnings, ElementsAre(HasSubstr("run: chmod 600 ")));
}

TEST(SecretFiles, AreCheckedAtTheStart) {
  const ScratchDirectory directory;
  const auto check = [](const std::filesystem::path& file) {
    const auto config =
        load_config(from_environment({{"OPENCLAW_GATEWAY_TOKEN_FILE", file.string()}}));
    const auto checked = check_secret_files(*config);
    return checked ? "good" : checked.error().message;
  };
  const std::string key = "OPENCLAW_GATEWAY_TOKEN_FILE: ";
  EXPECT_EQ(check(directory.write("good", " s3cret \n")), "good");
  EXPECT_EQ(check("/nowhere"), key + "cannot read /nowhere: No such file or directory");
  const auto open = directory.write("open", "s3cret", 0640);
  EXPECT_EQ(check(open), key + open.string() +
                             " holds secrets and is open to other users (mode 0640); " +
                             "run: chmod 600 '" + open.string() + "'");
  const auto empty = directory.write("empty", "\n");
  EXPECT_EQ(check(empty), key + empty.string() + " is empty");
  const auto lines = directory.write("lines", "one\ntwo\n");
  EXPECT_EQ(check(lines), key + lines.string() + " holds more than one line");
  const auto unseen = directory.write("unseen", "s3cret\u200B\n");
  EXPECT_EQ(check(unseen),
            key + unseen.string() + " holds a character that cannot be seen (U+200B)");
  EXPECT_EQ(check(directory.path()), key + directory.path().string() + " is not a plain file");
}

TEST(SecretFiles, HeadersAreCheckedAtTheStart) {
  const ScratchDirectory directory;
  const auto check = [](const std::filesystem::path& file) {
    const auto config =
        load_config(from_environment({{"OPENCLAW_GATEWAY_HEADERS_FILE", file.string()}}));
    const auto checked = check_secret_files(*config);
    return checked ? "good" : checked.error().message;
  };
  const std::string key = "OPENCLAW_GATEWAY_HEADERS_FILE: ";
  EXPECT_EQ(check(directory.write("headers", "# ours\nX-Key: s3cret\n")), "good");
  const auto wrong = directory.write("wrong", "X-Key: s3cret\ns3cret\n");
  EXPECT_EQ(check(wrong), key + wrong.string() + ": line 2 is not of the form Name: value");
  EXPECT_THAT(check(directory.write("open", "X: y", 0644)), HasSubstr("chmod 600"));
  EXPECT_THAT(check("/nowhere"), HasSubstr(key + "/nowhere: No such file"));
}

TEST(SecretFiles, AreReadAgainEachTime) {
  const ScratchDirectory directory;
  const auto file = directory.write("token", "old\n");
  const auto source = SecretSource::from_file("key", file);
  EXPECT_EQ(source.read()->reveal(), "old");
  directory.write("token", "new\n");
  EXPECT_EQ(source.read()->reveal(), "new");
}

TEST(Tls, NeedsBothOfItsFilesOrNeither) {
  const auto line = [](const Sources& sources) {
    const auto checked = check_secret_files(load_config(sources).value());
    return checked ? "accepted" : checked.error().message;
  };
  EXPECT_EQ(line(from_flag("CONTROL_CENTER_TLS_CERT_FILE", "/c.pem")),
            "--tls-cert-file: given without CONTROL_CENTER_TLS_KEY_FILE; use both, or neither");
  EXPECT_EQ(line(from_flag("CONTROL_CENTER_TLS_KEY_FILE", "/k.pem")),
            "--tls-key-file: given without CONTROL_CENTER_TLS_CERT_FILE; use both, or neither");
  EXPECT_EQ(line(from_environment(
                {{"CONTROL_CENTER_TLS_CERT_FILE", ""}, {"CONTROL_CENTER_TLS_KEY_FILE", ""}})),
            "accepted");
}

}  // namespace
}  // namespace cc::app
