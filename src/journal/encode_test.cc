#include "journal/encode.h"

#include <gmock/gmock.h>

#include "fleet/rows/codec.h"

namespace cc::journal {
namespace {

using namespace fleet;
using ::testing::HasSubstr;

ChangeSet changes_of(std::size_t sessions, std::size_t title_bytes) {
  ChangeSet changes;
  changes.gateway = "alpha";
  changes.source = Source::kWs;
  changes.cause = Cause::kResync;
  for (std::size_t i = 0; i < sessions; ++i) {
    SessionRow row{.gateway = "alpha", .key = "agent:main:" + std::to_string(i)};
    row.title = std::string(title_bytes, 'x');
    changes.sessions.upsert.push_back(PackedSession::make(row));
  }
  changes.agents.remove = {"old"};
  return changes;
}

TEST(Encode, WritesOneEntryAndTheRowsVersions) {
  ChangeSet changes = changes_of(2, 4);
  const EncodedChanges encoded = encode(changes, 41, 1000);
  ASSERT_EQ(encoded.entries.size(), 1U);
  EXPECT_EQ(encoded.entries[0].event, EventKind::kFleetUpdate);
  EXPECT_EQ(changes.sessions.upsert[1]->version(), 41U);
  std::string json;
  append_entry_json(json, encoded.entries[0], "k3f9x2ab");
  EXPECT_THAT(
      json,
      HasSubstr(
          R"({"seq":41,"epoch":"k3f9x2ab","at":1000,"gateway":"alpha","source":"ws","cause":"resync")"));
  EXPECT_THAT(json,
              HasSubstr(R"("agents":{"upsert":[],"remove":[{"gateway":"alpha","id":"old"}]})"));
  EXPECT_THAT(json, ::testing::Not(HasSubstr("\"parts\"")));
  EXPECT_THAT(json, ::testing::Not(HasSubstr("\"presence\"")));
}

TEST(Encode, PointsEachRowAtItsOwnJson) {
  ChangeSet changes = changes_of(3, 4);
  const EncodedChanges encoded = encode(changes, 1, 1000);
  ASSERT_EQ(encoded.rows.size(), 4U);
  EXPECT_EQ(encoded.rows[0].id, "old");
  EXPECT_EQ(encoded.rows[0].json, "");
  for (std::size_t i = 1; i < 4; ++i) {
    const auto row = decode<Session>(encoded.rows[i].json);
    ASSERT_TRUE(row.has_value());
    EXPECT_EQ((*row)->key(), encoded.rows[i].id);
  }
}

TEST(Encode, SplitsWhatWouldPassTheLimitIntoNumberedParts) {
  ChangeSet changes = changes_of(300, 4000);
  const EncodedChanges encoded = encode(changes, 10, 1000);
  ASSERT_GT(encoded.entries.size(), 4U);
  Seq seq = 10;
  for (const auto& entry : encoded.entries) {
    EXPECT_EQ(entry.seq, seq++);
    EXPECT_LE(entry.body.size(), kMaxEntryBytes);
    EXPECT_THAT(entry.body,
                HasSubstr(R"("parts":)" + std::to_string(encoded.entries.size()) + "}"));
  }
  EXPECT_EQ(changes.sessions.upsert.back()->version(), encoded.entries.back().seq);
  for (std::size_t i = 1; i < encoded.rows.size(); ++i) {
    const auto row = decode<Session>(encoded.rows[i].json);
    ASSERT_TRUE(row.has_value());
    EXPECT_EQ((*row)->version(), encoded.rows[i].version);
  }
}

}  // namespace
}  // namespace cc::journal
