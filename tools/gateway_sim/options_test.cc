#include "gateway_sim/options.h"

#include <gtest/gtest.h>

namespace cc::sim {
namespace {

TEST(Options, ReadsWhatItIsTold) {
  const Parsed parsed =
      parse_options({"--listen", "127.0.0.1:0", "--protocol", "3", "--agents", "5", "--scenario",
                     "incident", "--rest", "html", "--titles", "hostile", "--token", ""});
  ASSERT_TRUE(parsed.options) << parsed.text;
  EXPECT_EQ(parsed.options->port, 0);
  EXPECT_EQ(parsed.options->protocol, Protocol::kV3);
  EXPECT_EQ(parsed.options->world.agents, 5U);
  EXPECT_EQ(parsed.options->world.scenario, Scenario::kIncident);
  EXPECT_EQ(parsed.options->rest, RestMode::kHtml);
  EXPECT_TRUE(parsed.options->world.hostile_titles);
  EXPECT_TRUE(parsed.options->token.empty());
}

TEST(Options, SaysWhatIsWrong) {
  EXPECT_EQ(parse_options({"--protocol", "5"}).exit_code, 2);
  EXPECT_EQ(parse_options({"--listen", "nowhere"}).exit_code, 2);
  EXPECT_EQ(parse_options({"--unknown"}).exit_code, 2);
  EXPECT_EQ(parse_options({"--help"}).exit_code, 0);
}

}  // namespace
}  // namespace cc::sim
