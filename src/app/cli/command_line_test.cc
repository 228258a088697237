#include "app/cli/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cc::app {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::expected<CommandLine, Stop> parse(std::vector<std::string> args) {
  return parse_command_line(args);
}

std::string flag_value(const CommandLine& line, std::string_view variable) {
  const auto found = line.flags.find(variable);
  return found == line.flags.end() ? "not given" : found->second.value;
}

TEST(CommandLine, ServeIsTheDefault) {
  EXPECT_EQ(parse({})->command, Command::kServe);
  EXPECT_EQ(parse({"serve"})->command, Command::kServe);
  EXPECT_TRUE(parse({})->flags.empty());
  EXPECT_FALSE(parse({})->file);
}

TEST(CommandLine, TakesSettingsBeforeAndAfterTheCommand) {
  const auto before = parse({"--listen", "a:1", "--config=f.toml", "serve"});
  EXPECT_EQ(flag_value(*before, "CONTROL_CENTER_LISTEN"), "a:1");
  EXPECT_EQ(before->file, "f.toml");
  const auto after = parse({"serve", "--listen", "[::1]:1", "--data-dir=/d"});
  EXPECT_EQ(flag_value(*after, "CONTROL_CENTER_LISTEN"), "[::1]:1");
  EXPECT_EQ(flag_value(*after, "CONTROL_CENTER_DATA_DIR"), "/d");
  EXPECT_EQ(after->flags.at("CONTROL_CENTER_LISTEN").key, "--listen");
  EXPECT_EQ(flag_value(*parse({"token", "list", "--data-dir", "/d"}), "CONTROL_CENTER_DATA_DIR"),
            "/d");
}

TEST(CommandLine, TakesEmptyValues) {
  EXPECT_EQ(flag_value(*parse({"--ws-gateway-url", ""}), "WS_GATEWAY_URL"), "");
  const auto joined = parse({"--ws-gateway-url=", "--listen", "a:1"});
  ASSERT_TRUE(joined) << joined.error().text;
  EXPECT_EQ(flag_value(*joined, "WS_GATEWAY_URL"), "");
  EXPECT_EQ(flag_value(*joined, "CONTROL_CENTER_LISTEN"), "a:1");
}

TEST(CommandLine, EveryCommandIsFound) {
  EXPECT_EQ(parse({"doctor"})->command, Command::kDoctor);
  EXPECT_EQ(parse({"version"})->command, Command::kVersion);
  EXPECT_EQ(parse({"--version"})->command, Command::kVersion);
  EXPECT_EQ(parse({"token", "list"})->command, Command::kTokenList);
  const auto events = parse({"events", "--follow", "--after", "k3f9x2ab-7"});
  EXPECT_EQ(events->command, Command::kEvents);
  EXPECT_TRUE(events->events.follow);
  EXPECT_EQ(events->events.after, "k3f9x2ab-7");
  const auto backup = parse({"backup", "/tmp/copy.db"});
  EXPECT_EQ(backup->command, Command::kBackup);
  EXPECT_EQ(backup->backup_file, "/tmp/copy.db");
  const auto revoke = parse({"token", "revoke", "t1"});
  EXPECT_EQ(revoke->command, Command::kTokenRevoke);
  EXPECT_EQ(revoke->token.id, "t1");
}

TEST(CommandLine, TokensAreNamedEitherWay) {
  const auto placed = parse({"token", "create", "ci"});
  EXPECT_EQ(placed->command, Command::kTokenCreate);
  EXPECT_EQ(placed->token.name, "ci");
  EXPECT_EQ(placed->token.role, "viewer");
  EXPECT_FALSE(placed->token.lifetime);
  const auto named =
      parse({"token", "create", "--name", "ci", "--role", "admin", "--expires-in", "30d"});
  EXPECT_EQ(named->token.name, "ci");
  EXPECT_EQ(named->token.role, "admin");
  EXPECT_EQ(named->token.lifetime, std::chrono::days(30));
}

std::string refused(std::vector<std::string> args) {
  const auto line = parse(std::move(args));
  if (line) return "accepted";
  EXPECT_EQ(line.error().code, 2);
  EXPECT_THAT(line.error().text, Not(HasSubstr("\n")));
  return line.error().text;
}

TEST(CommandLine, WrongLinesNameWhatIsWrong) {
  EXPECT_EQ(refused({"--listn", "x"}),
            "--listn: unknown flag; control-center --help lists what there is");
  EXPECT_EQ(refused({"serve", "--tokn=s3cret"}),
            "--tokn: unknown flag; control-center --help lists what there is");
  EXPECT_EQ(refused({"sevre"}),
            "sevre: unknown command or argument; control-center --help lists what there is");
  EXPECT_EQ(refused({"version", "twice"}),
            "twice: unknown command or argument; control-center --help lists what there is");
  EXPECT_THAT(refused({"--listen"}), HasSubstr("--listen"));
  EXPECT_THAT(refused({"--listen", "a:1", "--listen", "b:1"}), HasSubstr("--listen"));
  EXPECT_THAT(refused({"backup"}), HasSubstr("file"));
  EXPECT_THAT(refused({"token"}), HasSubstr("subcommand"));
  EXPECT_THAT(refused({"token", "create", "x", "--role", "king"}), HasSubstr("--role"));
  EXPECT_EQ(refused({"token", "create", "x", "--expires-in", "soon"}),
            "--expires-in: \"soon\" is not a whole number with a unit; use a duration such as 12h "
            "or 30d");
}

TEST(CommandLine, HelpIsThereForEachCommand) {
  const std::vector<std::vector<std::string>> asked{{"--help"},
                                                    {"serve", "--help"},
                                                    {"doctor", "--help"},
                                                    {"events", "--help"},
                                                    {"token", "--help"},
                                                    {"token", "create", "--help"},
                                                    {"token", "list", "--help"},
                                                    {"token", "revoke", "--help"},
                                                    {"backup", "--help"},
                                                    {"version", "-h"}};
  for (const auto& args : asked) {
    const auto line = parse(args);
    ASSERT_FALSE(line);
    EXPECT_EQ(line.error().code, 0);
    EXPECT_THAT(line.error().text, HasSubstr("Usage: "));
  }
  EXPECT_THAT(parse({"token", "create", "--help"}).error().text,
              HasSubstr("Usage: control-center token create "));
  EXPECT_THAT(parse({"--help"}).error().text,
              HasSubstr("--ws-gateway-url VALUE  (WS_GATEWAY_URL)"));
  EXPECT_THAT(parse({"serve", "--help"}).error().text, HasSubstr("CONTROL_CENTER_RETENTION_BYTES"));
  EXPECT_THAT(parse({"events", "--help"}).error().text, HasSubstr("--follow"));
}

TEST(CommandLine, TheShortFormsAreKindsOfCommands) {
  const auto parse = [](std::vector<std::string> args) {
    return parse_command_line(args).value().tell;
  };
  const auto approve = parse({"approve", "ap-1"});
  EXPECT_EQ(approve.kind, "approval.decide");
  EXPECT_EQ(approve.target, "approvalId=ap-1");
  EXPECT_EQ(approve.params, std::vector<std::string>{"decision=allow-once"});
  EXPECT_EQ(parse({"deny", "ap-1"}).params, std::vector<std::string>{"decision=deny"});
  EXPECT_EQ(parse({"answer", "ask_1", "where=Staging", "where=Both"}).params,
            std::vector<std::string>{R"(answers:={"where":["Staging","Both"]})"});
  EXPECT_EQ(parse({"send", "agent:main:main", "Go on."}).params,
            std::vector<std::string>{"text=Go on."});
  EXPECT_EQ(parse({"stop", "--agent", "otto"}).target, "agentId=otto");
  EXPECT_EQ(parse({"stop"}).target, "");
  const auto other = parse({"command", "cron.run", "--target", "jobId=j", "--param", "mode=due",
                            "--gateway", "home", "--key", "k"});
  EXPECT_EQ(other.kind, "cron.run");
  EXPECT_EQ(other.gateway, "home");
  EXPECT_EQ(other.key, "k");
}

}  // namespace
}  // namespace cc::app
