#include <gtest/gtest.h>
#include <simdjson.h>

#include "app/cli/command_line.h"
#include "app/cli/commands.h"

namespace cc::app {
namespace {

std::vector<std::string> names_in(std::string_view list, std::string_view member) {
  simdjson::dom::parser parser;
  simdjson::dom::array rows;
  const auto text = describe();
  EXPECT_EQ(parser.parse(text)[list].get(rows), simdjson::SUCCESS);
  std::vector<std::string> out;
  for (const auto row : rows) {
    std::string_view name;
    EXPECT_EQ(row[member].get(name), simdjson::SUCCESS);
    out.emplace_back(name);
  }
  return out;
}

TEST(Describe, TellsEveryCommandThatIsShown) {
  EXPECT_EQ(
      names_in("commands", "name"),
      (std::vector<std::string>{"serve", "doctor", "events", "token create", "token list",
                                "token revoke", "backup", "approvals", "commands", "approve",
                                "deny", "answer", "send", "stop", "command", "health", "version"}));
}

TEST(Describe, TellsEverySettingAndEveryKeyOfAGateway) {
  EXPECT_EQ(names_in("settings", "variable").size(), settings().size());
  EXPECT_EQ(names_in("gatewayKeys", "name").size(), gateway_keys().size());
  EXPECT_EQ(names_in("settings", "key").front(), "ws_gateway_url");
}

TEST(Describe, TellsOptionsWithTheirValues) {
  const auto all = command_words();
  const auto create = std::ranges::find(all, "token create", &CommandWords::name);
  ASSERT_NE(create, all.end());
  std::vector<std::string> names;
  for (const auto& option : create->options) names.push_back(option.name + " " + option.value);
  EXPECT_EQ(names, (std::vector<std::string>{"NAME NAME", "--role ROLE:{viewer,operator,admin}",
                                             "--expires-in DURATION"}));
}

}  // namespace
}  // namespace cc::app
