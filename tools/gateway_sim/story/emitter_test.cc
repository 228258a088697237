#include "gateway_sim/story/emitter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cc::sim {
namespace {

constexpr TimeMs kNow = 1'795'000'000'000;

WorldSpec spec_with(std::uint64_t seed, Scenario scenario) {
  return {.agents = 8, .sessions = 40, .seed = seed, .scenario = scenario};
}

/// A stretch of the story, as bytes.
std::string story_of(const WorldSpec& spec, Protocol protocol, int steps) {
  World world(spec, kNow);
  const auto narrator = make_narrator(protocol, {});
  Director director(world, *narrator);
  Emitter emitter(world, director, spec.seed, spec.scenario);
  std::string out;
  for (int i = 0; i < steps; ++i) {
    for (const Event& event : emitter.step(kNow + i)) out += *event.body + '\n';
  }
  return out;
}

TEST(Emitter, OneSeedTellsOneStory) {
  for (const Protocol protocol : {Protocol::kV3, Protocol::kV4}) {
    for (const Scenario scenario : {Scenario::kCalm, Scenario::kIncident, Scenario::kStorm}) {
      const std::string story = story_of(spec_with(3, scenario), protocol, 600);
      EXPECT_EQ(story, story_of(spec_with(3, scenario), protocol, 600));
      EXPECT_NE(story, story_of(spec_with(4, scenario), protocol, 600));
    }
  }
}

TEST(Emitter, StaysNearItsSizeHoweverLongItRuns) {
  const WorldSpec spec = spec_with(5, Scenario::kStorm);
  World world(spec, kNow);
  const auto narrator = make_narrator(Protocol::kV4, {});
  Director director(world, *narrator);
  Emitter emitter(world, director, spec.seed, spec.scenario);
  for (int i = 0; i < 20'000; ++i) (void)emitter.step(kNow + i);
  EXPECT_GE(world.sessions().size(), 34U);
  EXPECT_LE(world.sessions().size(), 48U);
  EXPECT_LE(world.runs().size(), 10U);
}

TEST(Emitter, AnIncidentAsksAndIsAnswered) {
  const std::string story = story_of(spec_with(1, Scenario::kIncident), Protocol::kV4, 600);
  EXPECT_THAT(story, ::testing::HasSubstr(R"("phase":"waiting-approval")"));
  EXPECT_THAT(story, ::testing::HasSubstr(R"("phase":"approval-resolved")"));
}

}  // namespace
}  // namespace cc::sim
