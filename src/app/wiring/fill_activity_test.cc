#include "app/wiring/fill_activity.h"

#include <gmock/gmock.h>

#include "fleet/testing/world.h"
#include "journal/encode.h"
#include "store/testing/memory_store.h"

namespace cc::app {
namespace {

using fleet::testing::kStart;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr TimeMs kMinute = 60'000;

class FillActivity : public ::testing::Test {
 protected:
  static fleet::Made<fleet::Session> failed_at(TimeMs at) {
    fleet::SessionRow row{.gateway = "alpha", .key = "agent:otto:main"};
    row.agent_id = "otto";
    row.status = "failed";
    row.ended_at = at;
    row.last_error_at = at;
    return fleet::PackedSession::make(row);
  }

  /// Commits what `ingest` would, and counts it in `live_` as it would.
  void happen(std::vector<std::string> agents, TimeMs at, std::size_t padding = 0) {
    auto changes = std::make_shared<fleet::ChangeSet>();
    changes->gateway = "alpha";
    for (auto& id : agents) {
      changes->agents.upsert.push_back(
          std::make_shared<fleet::Agent>(fleet::Agent{.gateway = "alpha", .id = std::move(id)}));
      changes->agents.upsert.back()->status_reason = std::string(padding, 'x');
    }
    changes->sessions.remove = {"agent:keyed:old"};
    changes->sessions.upsert.push_back(failed_at(at));
    auto transaction = store_->begin();
    const auto encoded = journal::encode(*changes, (*transaction)->next_seq(), at);
    for (const auto& entry : encoded.entries) ASSERT_TRUE((*transaction)->append(entry));
    ASSERT_TRUE((*transaction)->commit());
    const auto position = store_->position();
    live_.published({&changes, 1}, at, {position.epoch, position.head});
  }

  Result<void> fill(TimeMs now, std::stop_token stop = {}) {
    return fill_activity(filled_, *store_, store_->position().head + 1, now, stop);
  }

  std::unique_ptr<store::Store> store_ = store::make_memory_store();
  fleet::Activity live_{{store_->position().epoch, 0}};
  fleet::Activity filled_{{store_->position().epoch, 0}};
};

TEST_F(FillActivity, CountsWhatWasCountedLive) {
  happen({"long ago"}, kStart - 80 * kMinute);
  happen({"otto", "scout"}, kStart - 59 * kMinute);
  for (int i = 0; i < 700; ++i) happen({"otto"}, kStart - 7 * kMinute);
  std::vector<std::string> many;
  for (int i = 0; i < 300; ++i) many.push_back("a" + std::to_string(i));
  const Seq before = store_->position().head;
  happen(many, kStart, 4000);
  ASSERT_GT(store_->position().head, before + 2) << "the last one should be split";
  ASSERT_TRUE(fill(kStart));

  const auto seen = filled_.window(kStart, {});
  const auto wanted = live_.window(kStart, {});
  ASSERT_THAT(seen.items, SizeIs(303));
  ASSERT_THAT(wanted.items, SizeIs(303));
  for (std::size_t i = 0; i < seen.items.size(); ++i) {
    EXPECT_EQ(seen.items[i].id, wanted.items[i].id);
    EXPECT_EQ(seen.items[i].counts, wanted.items[i].counts) << seen.items[i].id;
    EXPECT_EQ(seen.items[i].failed, wanted.items[i].failed) << seen.items[i].id;
  }
}

TEST_F(FillActivity, StopsWhenTold) {
  happen({"otto"}, kStart);
  std::stop_source stop;
  stop.request_stop();
  ASSERT_TRUE(fill(kStart, stop.get_token()));
  EXPECT_THAT(filled_.window(kStart, {}).items, IsEmpty());
}

TEST_F(FillActivity, SaysThatABodyIsDamaged) {
  auto transaction = store_->begin();
  ASSERT_TRUE(
      (*transaction)->append({.seq = 1, .at = kStart, .gateway = "alpha", .body = "{rubbish}"}));
  ASSERT_TRUE((*transaction)->commit());
  EXPECT_EQ(fill(kStart).error().code, ErrorCode::kCorrupt);
}

}  // namespace
}  // namespace cc::app
