#include "journal/mentions.h"

#include <gmock/gmock.h>

#include "fleet/mentions.h"
#include "journal/encode.h"

namespace cc::journal {
namespace {

using namespace fleet;

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

std::shared_ptr<Agent> agent(std::string id) {
  return std::make_shared<Agent>(Agent{.gateway = "alpha", .id = std::move(id)});
}

Made<Session> session(std::string key, Text agent_id) {
  return PackedSession::make(
      SessionRow{.gateway = "alpha", .key = std::move(key), .agent_id = std::move(agent_id)});
}

ChangeSet some_changes() {
  ChangeSet changes;
  changes.gateway = "alpha";
  changes.agents.upsert = {agent("otto"), agent("quote\"d")};
  changes.agents.remove = {"gone"};
  changes.agents.liveness = {agent("only there")};
  changes.sessions.upsert = {session("agent:otto:main", "otto"), session("agent:keyed:x", {}),
                             session("global", {})};
  changes.sessions.remove = {"agent:lost:1", "plain"};
  changes.presence.upsert = {
      std::make_shared<Presence>(Presence{.gateway = "alpha", .id = "a node"})};
  return changes;
}

TEST(Mentions, ChangeSetAndItsEntryNameTheSameAgents) {
  ChangeSet changes = some_changes();
  const auto agents = mentioned_agents(changes);
  EXPECT_THAT(agents, ElementsAre("gone", "keyed", "lost", "otto", "quote\"d"));
  const EncodedChanges encoded = encode(changes, 1, 0);
  const auto read = read_mentions(encoded.entries.at(0).body);
  ASSERT_TRUE(read);
  EXPECT_THAT(read->agents, ::testing::ElementsAreArray(agents));
  EXPECT_THAT(read->sessions, UnorderedElementsAre("agent:otto:main", "agent:keyed:x", "global",
                                                   "agent:lost:1", "plain"));
  EXPECT_EQ(read->part, 1U);
}

TEST(Mentions, KnowsThePartsOfASplitChange) {
  ChangeSet changes;
  changes.gateway = "alpha";
  for (int i = 0; i < 200; ++i) {
    changes.agents.upsert.push_back(agent("a" + std::to_string(i)));
    changes.agents.upsert.back()->status_reason = std::string(4000, 'x');
  }
  const EncodedChanges encoded = encode(changes, 1, 0);
  ASSERT_GT(encoded.entries.size(), 2U);
  std::size_t agents = 0;
  for (Seq part = 1; const auto& entry : encoded.entries) {
    const auto read = read_mentions(entry.body);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->part, part++);
    agents += read->agents.size();
  }
  EXPECT_EQ(agents, 200U);
}

TEST(Mentions, IsNothingWhereNoAgentChanged) {
  const auto read =
      read_mentions(R"({"at":1,"gateways":{"upsert":[{"name":"alpha"}],"remove":[]}})");
  ASSERT_TRUE(read);
  EXPECT_THAT(read->agents, IsEmpty());
  EXPECT_THAT(read->sessions, IsEmpty());
}

TEST(Mentions, RefusesWhatIsNoBody) {
  EXPECT_EQ(read_mentions("[]").error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(read_mentions(R"({"agents":)").error().code, ErrorCode::kCorrupt);
}

}  // namespace
}  // namespace cc::journal
