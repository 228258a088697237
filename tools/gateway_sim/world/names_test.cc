#include "gateway_sim/world/names.h"

#include <set>

#include <gtest/gtest.h>

namespace cc::sim {
namespace {

TEST(Names, AgentsNeverShareAnId) {
  std::set<std::string> ids;
  for (std::size_t place = 0; place < 200; ++place)
    EXPECT_TRUE(ids.insert(agent_name(place).id).second) << place;
  EXPECT_EQ(agent_name(0).id, "main");
  EXPECT_EQ(agent_name(24).id, "main-2");
  EXPECT_EQ(agent_name(24).name, "Main 2");
}

TEST(Names, ModelsAreFoundAgainAndStrangersCostNothing) {
  Rng rng(1);
  for (int i = 0; i < 50; ++i) {
    const ModelName& model = model_name(rng);
    EXPECT_EQ(&model_called(model.model), &model);
  }
  EXPECT_EQ(model_called("unheard-of").usd_per_million_in, 0);
}

TEST(Names, AnAnswerComesRound) {
  std::size_t round = 1;
  while (answer_piece(round) != answer_piece(0)) ++round;
  EXPECT_EQ(answer_piece(round + 3), answer_piece(3));
}

// What the dashboard and the clean-up of untrusted text are tried with.
TEST(Names, HostileTitlesHoldWhatTheyAreFor) {
  Rng rng(1);
  std::set<std::string> seen;
  std::size_t longest = 0;
  for (int i = 0; i < 2000; ++i) {
    const std::string title = hostile_title(rng);
    longest = std::max(longest, title.size());
    for (const char* part : {"<script>", "\xE2\x80\xAE", "\x1b[31m", "\n\nevent: reset"}) {
      if (title.find(part) != std::string::npos) seen.insert(part);
    }
  }
  EXPECT_EQ(seen.size(), 4U);
  EXPECT_GT(longest, 4096U);  // where Control Center cuts
}

}  // namespace
}  // namespace cc::sim
