#include "fleet/state/packed_session.h"

#include <random>

#include <gtest/gtest.h>

namespace cc::fleet {
namespace {

/// Draws each field: null, empty, short or long.
class Draw {
 public:
  explicit Draw(unsigned seed) : random_(seed) {}

  SessionRow session() {
    SessionRow row{.gateway = "alpha", .key = some_text()};
    for (auto* text : {&row.agent_id, &row.session_id, &row.parent_key, &row.title, &row.kind,
                       &row.channel, &row.status, &row.model, &row.provider}) {
      if (yes()) *text = some_text();
    }
    for (auto* number : {&row.input_tokens, &row.output_tokens, &row.total_tokens,
                         &row.context_tokens, &row.started_at, &row.updated_at, &row.ended_at}) {
      if (yes()) *number = static_cast<std::int64_t>(random_()) - 1'000'000'000;
    }
    if (yes()) row.cost_usd = static_cast<double>(random_()) / 7;
    row.archived = yes();
    row.active_runs = static_cast<std::int64_t>(random_() % 5);
    row.version = random_();
    return row;
  }

 private:
  bool yes() { return random_() % 2 == 0; }
  std::string some_text() {
    return std::string(random_() % 3 == 0 ? 0 : random_() % 5'000,
                       static_cast<char>('a' + random_() % 26));
  }
  std::mt19937 random_;
};

TEST(PackedSession, ReadsBackEveryFieldWhateverTheOthersAre) {
  Draw draw(17);
  for (int i = 0; i < 500; ++i) {
    const SessionRow row = draw.session();
    const auto packed = PackedSession::make(row);
    const SessionView view = packed->view();
    ASSERT_FALSE(differs(view, row));
    EXPECT_EQ(view.version, row.version);
    // Copied out, it is a row of its own.
    EXPECT_FALSE(differs(view.with_texts_as<std::string>(), row));
  }
}

TEST(PackedSession, TellsAnEmptyTextFromNone) {
  const auto packed = PackedSession::make(SessionRow{.gateway = "g", .key = "k", .title = ""});
  EXPECT_EQ(packed->title(), "");
  EXPECT_EQ(packed->kind(), std::nullopt);
  EXPECT_EQ(packed->cost_usd(), std::nullopt);
}

TEST(PackedSession, LivesAsLongAsSomebodyHoldsIt) {
  auto first = PackedSession::make(SessionRow{.gateway = "g", .key = "a key", .title = "a title"});
  const auto second = first;
  first.reset();
  EXPECT_EQ(second->title(), "a title");
}

}  // namespace
}  // namespace cc::fleet
