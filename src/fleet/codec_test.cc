#include "fleet/codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fleet/testing/world.h"

namespace cc::fleet {
namespace {

using ::testing::HasSubstr;

Session full_session() {
  Session row;
  row.gateway = "alpha";
  row.key = "agent:main:\"ops\"";
  row.agent_id = "main";
  row.title = "a\ttitle";
  row.status = "done";
  row.active_runs = 2;
  row.input_tokens = 1'200;
  row.cost_usd = 0.0048;
  row.started_at = 1'795'350'997'403;
  row.archived = true;
  row.version = 7;
  return row;
}

template <class Row, class... More>
std::string json_of(const Row& row, More... more) {
  std::string out;
  JsonWriter writer(out);
  encode(writer, row, more...);
  return out;
}

TEST(Codec, ReadsBackTheSessionItWrote) {
  const Session row = full_session();
  const auto read = decode_session(json_of(row));
  ASSERT_TRUE(read.has_value()) << read.error().message;
  EXPECT_FALSE(differs(row, (*read)->view()));
  EXPECT_EQ((*read)->version(), 7U);
}

TEST(Codec, ReadsBackTheOtherRows) {
  Gateway gateway{
      .name = "alpha", .state = GatewayState::kBlocked, .source = Source::kRest, .detail = "no"};
  gateway.protocol = 4;
  EXPECT_FALSE(differs(gateway, **decode_gateway(json_of(gateway))));
  Agent agent{.gateway = "alpha", .id = "main", .name = "Main", .emoji = "🦊"};
  agent.reported_status = AgentStatus::kStalled;
  EXPECT_FALSE(differs(agent, **decode_agent(json_of(agent, false))));
  Presence presence{
      .gateway = "alpha", .id = "d1", .host = "box", .roles = {"operator", "node"}, .online = true};
  EXPECT_FALSE(differs(presence, **decode_presence(json_of(presence))));
}

TEST(Codec, ShowsAgentsOfASilentGatewayAsUnknown) {
  const Agent agent{.gateway = "alpha", .id = "main", .name = "Main"};
  EXPECT_THAT(json_of(agent, true), HasSubstr(R"("status":"idle","reportedStatus":"idle")"));
  EXPECT_THAT(json_of(agent, false), HasSubstr(R"("status":"unknown","reportedStatus":"idle")"));
}

TEST(Codec, NamesWhatIsWrongInAStoredRow) {
  EXPECT_EQ(decode_session("[]").error().code, ErrorCode::kCorrupt);
  EXPECT_THAT(decode_session(R"({"gateway":"alpha","key":7})").error().message, HasSubstr("key"));
  const std::string whole = json_of(full_session());
  EXPECT_EQ(decode_session(whole + " ").error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(decode_session(whole.substr(0, whole.size() - 1)).error().code, ErrorCode::kCorrupt);
  std::string broken = whole;
  broken[broken.find("main")] = '\xC3';
  EXPECT_EQ(decode_session(broken).error().code, ErrorCode::kCorrupt);
}

ChangeSet changes_of(std::size_t sessions, std::size_t title_bytes) {
  ChangeSet changes;
  changes.gateway = "alpha";
  changes.source = Source::kWs;
  changes.cause = Cause::kResync;
  for (std::size_t i = 0; i < sessions; ++i) {
    Session row{.gateway = "alpha", .key = "agent:main:" + std::to_string(i)};
    row.title = std::string(title_bytes, 'x');
    changes.sessions.upsert.push_back(PackedSession::make(row));
  }
  changes.agents.remove = {"old"};
  return changes;
}

TEST(Seal, WritesOneEntryAndTheRowsVersions) {
  ChangeSet changes = changes_of(2, 4);
  const Sealed sealed = seal(changes, 41, 1000);
  ASSERT_EQ(sealed.entries.size(), 1U);
  EXPECT_EQ(sealed.entries[0].event, EventKind::kFleetUpdate);
  EXPECT_EQ(changes.sessions.upsert[1]->version(), 41U);
  std::string json;
  append_entry_json(json, sealed.entries[0], "k3f9x2ab");
  EXPECT_THAT(
      json,
      HasSubstr(
          R"({"seq":41,"epoch":"k3f9x2ab","at":1000,"gateway":"alpha","source":"ws","cause":"resync")"));
  EXPECT_THAT(json,
              HasSubstr(R"("agents":{"upsert":[],"remove":[{"gateway":"alpha","id":"old"}]})"));
  EXPECT_THAT(json, ::testing::Not(HasSubstr("\"parts\"")));
  EXPECT_THAT(json, ::testing::Not(HasSubstr("\"presence\"")));
}

TEST(Seal, PointsEachRowAtItsOwnJson) {
  ChangeSet changes = changes_of(3, 4);
  const Sealed sealed = seal(changes, 1, 1000);
  ASSERT_EQ(sealed.rows.size(), 4U);
  EXPECT_EQ(sealed.rows[0].id, "old");
  EXPECT_EQ(sealed.rows[0].json, "");
  for (std::size_t i = 1; i < 4; ++i) {
    const auto row = decode_session(sealed.rows[i].json);
    ASSERT_TRUE(row.has_value());
    EXPECT_EQ((*row)->key(), sealed.rows[i].id);
  }
}

TEST(Seal, SplitsWhatWouldPassTheLimitIntoNumberedParts) {
  ChangeSet changes = changes_of(300, 4000);
  const Sealed sealed = seal(changes, 10, 1000);
  ASSERT_GT(sealed.entries.size(), 4U);
  Seq seq = 10;
  for (const auto& entry : sealed.entries) {
    EXPECT_EQ(entry.seq, seq++);
    EXPECT_LE(entry.body.size(), kMaxEntryBytes);
    EXPECT_THAT(entry.body, HasSubstr(R"("parts":)" + std::to_string(sealed.entries.size()) + "}"));
  }
  EXPECT_EQ(changes.sessions.upsert.back()->version(), sealed.entries.back().seq);
  for (std::size_t i = 1; i < sealed.rows.size(); ++i) {
    const auto row = decode_session(sealed.rows[i].json);
    ASSERT_TRUE(row.has_value());
    EXPECT_EQ((*row)->version(), sealed.rows[i].version);
  }
}

}  // namespace
}  // namespace cc::fleet
