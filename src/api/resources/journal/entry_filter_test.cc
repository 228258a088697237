#include "api/resources/journal/entry_filter.h"

#include <gtest/gtest.h>

#include "journal/encode.h"

namespace cc::api {
namespace {

journal::Entry encoded(fleet::ChangeSet changes) {
  changes.gateway = "alpha";
  auto encoded = journal::encode(changes, 1, 0);
  return std::move(encoded.entries.at(0));
}

journal::Entry with_agent(std::string id) {
  fleet::ChangeSet changes;
  changes.cause = fleet::Cause::kAgentRun;
  changes.agents.upsert = {
      std::make_shared<fleet::Agent>(fleet::Agent{.gateway = "alpha", .id = std::move(id)})};
  return encoded(std::move(changes));
}

journal::Entry with_session(std::string key, fleet::Text agent, fleet::Text title = {}) {
  fleet::ChangeSet changes;
  changes.cause = fleet::Cause::kSessionsChanged;
  fleet::SessionRow row{.gateway = "alpha", .key = std::move(key), .agent_id = std::move(agent)};
  row.title = std::move(title);
  changes.sessions.upsert = {fleet::PackedSession::make(row)};
  return encoded(std::move(changes));
}

journal::Entry with_presence(std::string id) {
  fleet::ChangeSet changes;
  changes.cause = fleet::Cause::kPresence;
  changes.presence.upsert = {
      std::make_shared<fleet::Presence>(fleet::Presence{.gateway = "alpha", .id = std::move(id)})};
  return encoded(std::move(changes));
}

journal::Entry without_session(std::string key) {
  fleet::ChangeSet changes;
  changes.cause = fleet::Cause::kSessionsChanged;
  changes.sessions.remove = {std::move(key)};
  return encoded(std::move(changes));
}

EntryFilter filter(const Parameters& query) {
  auto parsed = EntryFilter::parse(query);
  if (!parsed) throw std::invalid_argument(parsed.error().detail);
  return *std::move(parsed);
}

TEST(EntryFilter, LetsEverythingPassUnlessAsked) {
  EXPECT_TRUE(filter({}).takes_all());
  EXPECT_TRUE(filter({{"types", ""}, {"agent", ""}}).takes_all());
  EXPECT_TRUE(filter({}).takes(with_presence("x")));
  EXPECT_FALSE(filter({{"gateway", "alpha"}}).takes_all());
}

TEST(EntryFilter, PicksKindsAndGateways) {
  const auto kinds = filter({{"types", "agent.update,reset"}});
  EXPECT_TRUE(kinds.takes(with_agent("otto")));
  EXPECT_FALSE(kinds.takes(with_session("s", {})));
  EXPECT_TRUE(filter({{"gateway", "beta,alpha"}}).takes(with_agent("otto")));
  EXPECT_FALSE(filter({{"gateway", "beta"}}).takes(with_agent("otto")));
}

TEST(EntryFilter, FindsWhatTouchedAnAgentOrItsSessions) {
  const auto otto = filter({{"agent", "alpha/otto"}});
  EXPECT_TRUE(otto.takes(with_agent("otto")));
  EXPECT_TRUE(otto.takes(with_session("custom", "otto")));
  EXPECT_TRUE(otto.takes(with_session("agent:otto:main", {})));
  EXPECT_TRUE(otto.takes(without_session("agent:otto:main")));
  EXPECT_FALSE(otto.takes(with_agent("ott")));
  EXPECT_FALSE(otto.takes(with_agent("otto2")));
  EXPECT_FALSE(otto.takes(with_session("agent:otto2:main", {})));
  EXPECT_FALSE(filter({{"agent", "beta/otto"}}).takes(with_agent("otto")));
}

TEST(EntryFilter, TakesANodeOrATitleOfThatNameForNoAgent) {
  const auto otto = filter({{"agent", "alpha/otto"}});
  EXPECT_FALSE(otto.takes(with_presence("otto")));
  EXPECT_FALSE(otto.takes(with_session("s", "scout", R"("id":"otto","agentId":"otto")")));
}

TEST(EntryFilter, FindsIdentitiesThatJsonEscapes) {
  const std::string odd = "a/b \"quoted\" \\ ä";
  EXPECT_TRUE(filter({{"agent", "alpha/" + odd}}).takes(with_agent(odd)));
  EXPECT_TRUE(filter({{"session", "alpha/" + odd}}).takes(with_session(odd, {})));
  EXPECT_TRUE(filter({{"agent", "alpha/q\"q"}}).takes(without_session("agent:q\"q:1")));
}

TEST(EntryFilter, FindsWhatTouchedASession) {
  const auto wanted = filter({{"session", "alpha/agent:otto:1"}});
  EXPECT_TRUE(wanted.takes(with_session("agent:otto:1", "otto")));
  EXPECT_TRUE(wanted.takes(without_session("agent:otto:1")));
  EXPECT_FALSE(wanted.takes(with_session("agent:otto:12", "otto")));
  EXPECT_FALSE(wanted.takes(with_agent("agent:otto:1")));
}

TEST(EntryFilter, TakesOnlyWhatFitsAllOfIt) {
  const auto both = filter({{"agent", "alpha/otto"}, {"types", "session.update"}});
  EXPECT_TRUE(both.takes(with_session("agent:otto:1", "otto")));
  EXPECT_FALSE(both.takes(with_agent("otto")));
}

TEST(EntryFilter, NamesTheParameterThatCannotBeUsed) {
  const std::pair<Parameter, const char*> cases[] = {
      {{"types", "everything"}, "types"}, {{"types", "reset"}, "types"},
      {{"agent", "otto"}, "agent"},       {{"agent", "alpha/"}, "agent"},
      {{"agent", "/otto"}, "agent"},      {{"session", "key"}, "session"}};
  for (const auto& [parameter, named] : cases) {
    const auto parsed = EntryFilter::parse({parameter});
    ASSERT_FALSE(parsed) << parameter.name << "=" << parameter.value;
    EXPECT_EQ(parsed.error().parameter, named);
  }
}

}  // namespace
}  // namespace cc::api
