#include <map>
#include <random>

#include <gmock/gmock.h>

#include "api/query/testing/select_taken.h"
#include "fleet/state/row_table.h"

namespace cc::api {
namespace {

using fleet::Agent;
using fleet::Session;
using fleet::SessionRow;
using ::testing::ElementsAre;

template <class Row>
ListQuery query_of(const Parameters& parameters) {
  auto query = parse_list_query(parameters, field_specs<Row>());
  if (!query) throw std::invalid_argument(query.error().detail);
  return *query;
}

Taken<Session> session(std::string key, std::optional<std::int64_t> tokens = {},
                       fleet::Text title = {}, std::string gateway = "g") {
  SessionRow row;
  row.gateway = std::move(gateway);
  row.key = std::move(key);
  row.total_tokens = tokens;
  row.title = std::move(title);
  return {fleet::PackedSession::make(row), true};
}

template <class Row>
std::vector<std::string> keys(const std::vector<Taken<Row>>& rows) {
  std::vector<std::string> out;
  for (const auto& taken : rows) out.emplace_back(taken.row->identity());
  return out;
}

std::vector<std::string> selected(const std::vector<Taken<Session>>& rows,
                                  const Parameters& parameters) {
  return keys(select(rows, query_of<Session>(parameters)).rows);
}

TEST(Select, OrdersByIdentityUnlessAskedOtherwise) {
  const std::vector rows{session("b"), session("a", {}, {}, "h"), session("a"), session("c")};
  EXPECT_THAT(selected(rows, {}), ElementsAre("a", "b", "c", "a"));
}

TEST(Select, PutsNullsLastInBothDirectionsAndTiesByIdentity) {
  const std::vector rows{session("d"), session("c", 5), session("b", 5), session("e", 9),
                         session("a")};
  EXPECT_THAT(selected(rows, {{"sort", "totalTokens"}}), ElementsAre("b", "c", "e", "a", "d"));
  EXPECT_THAT(selected(rows, {{"sort", "-totalTokens"}}), ElementsAre("e", "b", "c", "a", "d"));
}

TEST(Select, ALaterFieldOrdersWhatThoseBeforeItLeaveEqual) {
  const std::vector rows{session("a", 1, "x"), session("b", 2, "x"), session("c", {}, "x"),
                         session("d", 9, "w"), session("e", 2, "x"), session("f", 3)};
  EXPECT_THAT(selected(rows, {{"sort", "title,-totalTokens"}}),
              ElementsAre("d", "b", "e", "a", "c", "f"));
  EXPECT_THAT(selected(rows, {{"sort", "-title,totalTokens"}}),
              ElementsAre("a", "b", "e", "c", "d", "f"));
}

TEST(Select, PagesOfAnOrderByTwoFieldsHoldEachRowOnce) {
  std::mt19937 random(5);
  std::vector<Taken<Session>> rows;
  for (int i = 0; i < 200; ++i) {
    const auto tokens =
        random() % 4 == 0 ? std::nullopt : std::optional<std::int64_t>(random() % 3);
    rows.push_back(session(std::to_string(i), tokens, random() % 2 == 0 ? "x" : "y"));
  }
  const std::string sort = "title,-totalTokens";
  const auto whole = selected(rows, {{"sort", sort}, {"limit", "1000"}});
  std::vector<std::string> paged;
  auto query = query_of<Session>({{"sort", sort}, {"limit", "7"}});
  do {
    const auto page = select(rows, query);
    std::ranges::move(keys(page.rows), std::back_inserter(paged));
    query.after.reset();
    if (page.next) query.after = decode_page_token(encode_page_token(*page.next));
  } while (query.after);
  EXPECT_EQ(paged, whole);
}

TEST(Select, FiltersByEitherWithinAFieldAndAllAcrossFields) {
  const std::vector rows{session("a", 1, "x"), session("b", 2, "x"), session("c", 3, "y"),
                         session("d")};
  EXPECT_THAT(selected(rows, {{"totalTokens", "1,3"}}), ElementsAre("a", "c"));
  EXPECT_THAT(selected(rows, {{"totalTokens", "1,3"}, {"title", "x"}}), ElementsAre("a"));
  EXPECT_THAT(selected(rows, {{"title", "null"}}), ElementsAre("d"));
  EXPECT_THAT(selected(rows, {{"title", "null,y"}}), ElementsAre("c", "d"));
}

TEST(Select, ARangeHoldsItsBeginningAndNotItsEnd) {
  const std::vector rows{session("a", 1), session("b", 2), session("c", 3), session("d")};
  EXPECT_THAT(selected(rows, {{"totalTokens", "2.."}}), ElementsAre("b", "c"));
  EXPECT_THAT(selected(rows, {{"totalTokens", "..2"}}), ElementsAre("a"));
  EXPECT_THAT(selected(rows, {{"totalTokens", "2..3"}}), ElementsAre("b"));
  EXPECT_THAT(selected(rows, {{"totalTokens", "..2,3..,null"}}), ElementsAre("a", "c", "d"));
  EXPECT_THAT(selected(rows, {{"totalTokens", "1..3"}, {"key", "b,c"}}), ElementsAre("b"));
}

TEST(Select, ARangeOfMoneyHasFractions) {
  const auto costing = [](std::string key, double cost) {
    SessionRow row;
    row.gateway = "g";
    row.key = std::move(key);
    row.cost_usd = cost;
    return Taken<Session>{fleet::PackedSession::make(row), true};
  };
  const std::vector rows{costing("a", 0.25), costing("b", 0.5), costing("c", 1)};
  EXPECT_THAT(selected(rows, {{"costUsd", ".5..1"}}), ElementsAre("b"));
  EXPECT_THAT(selected(rows, {{"costUsd", "-1...5"}}), ElementsAre("a"));
}

TEST(Select, SearchesNamesTitlesAndKeysInAnyCase) {
  const std::vector rows{session("agent:MAIN", {}, "Weekly"), session("k2", {}, "Größe ÄNDERN"),
                         session("k3")};
  EXPECT_THAT(selected(rows, {{"q", "main"}}), ElementsAre("agent:MAIN"));
  EXPECT_THAT(selected(rows, {{"q", "WEEK"}}), ElementsAre("agent:MAIN"));
  EXPECT_THAT(selected(rows, {{"q", "größe ändern"}}), ElementsAre("k2"));
  EXPECT_THAT(selected(rows, {{"q", "g"}}), ElementsAre("agent:MAIN", "k2"));
  EXPECT_THAT(selected(rows, {{"q", ""}}), ElementsAre("agent:MAIN", "k2", "k3"));
}

TEST(Select, JudgesAgentsByTheStatusThatIsShown) {
  const auto agent = [](std::string id, fleet::AgentStatus status, bool speaks) {
    auto row = std::make_shared<Agent>();
    row->id = std::move(id);
    row->reported_status = status;
    return Taken<Agent>{std::move(row), speaks};
  };
  const std::vector rows{agent("a", fleet::AgentStatus::kWorking, true),
                         agent("b", fleet::AgentStatus::kWorking, false),
                         agent("c", fleet::AgentStatus::kError, true)};
  const auto ids = [&](const Parameters& parameters) {
    return keys(select(rows, query_of<Agent>(parameters)).rows);
  };
  EXPECT_THAT(ids({{"status", "working"}}), ElementsAre("a"));
  EXPECT_THAT(ids({{"status", "unknown"}}), ElementsAre("b"));
  EXPECT_THAT(ids({{"reportedStatus", "working"}}), ElementsAre("a", "b"));
  EXPECT_THAT(ids({{"sort", "status"}}), ElementsAre("c", "b", "a"));
}

TEST(Select, CountsAllPagesAndEndsWithTheLast) {
  const std::vector rows{session("a"), session("b"), session("c"), session("d")};
  const auto first = select(rows, query_of<Session>({{"limit", "2"}}));
  EXPECT_EQ(first.total, 4U);
  ASSERT_TRUE(first.next);
  const auto second =
      select(rows, query_of<Session>({{"limit", "2"}, {"page", encode_page_token(*first.next)}}));
  EXPECT_THAT(keys(second.rows), ElementsAre("c", "d"));
  EXPECT_EQ(second.total, 4U);
  EXPECT_FALSE(second.next);
}

// Far more than a page holds back before it cuts, in an order that keeps bringing better ones.
TEST(Select, PicksTheFirstOfManyWhateverTheOrder) {
  std::mt19937 random(11);
  std::vector<Taken<Session>> rows;
  for (int i = 0; i < 5'000; ++i) {
    rows.push_back(session(std::to_string(100'000 + i), static_cast<std::int64_t>(random() % 700)));
  }
  auto sorted = rows;
  std::ranges::sort(sorted, {}, [](const auto& taken) {
    return std::pair(-*taken.row->total_tokens(), taken.row->key());
  });
  for (const std::size_t limit : {1U, 2U, 7U, 100U, 1'000U}) {
    const auto page = select(
        rows, query_of<Session>({{"sort", "-totalTokens"}, {"limit", std::to_string(limit)}}));
    const std::vector expected(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(limit));
    EXPECT_EQ(keys(page.rows), keys(expected)) << limit;
    EXPECT_EQ(page.total, rows.size());
    EXPECT_TRUE(page.next);
  }
}

TEST(Select, AScanInPartsFindsWhatOneInOneGoFinds) {
  std::vector<Taken<Session>> rows;
  for (int i = 0; i < 100; ++i) {
    rows.push_back(session(std::to_string(1000 + i), i % 7, i % 2 == 0 ? "even" : "odd"));
  }
  std::vector<fleet::HeldPointer<Session>> first;
  std::vector<fleet::HeldPointer<Session>> second;
  for (std::size_t i = 0; i < rows.size(); ++i) (i < 37 ? first : second).push_back(rows[i].row);
  const std::vector<Standing<Session>> standing{
      {first, true, {}, {}}, {{}, true, {}, {}}, {second, true, {}, {}}};
  const auto query = query_of<Session>(
      {{"sort", "-totalTokens"}, {"title", "even"}, {"facets", "gateway"}, {"limit", "9"}});
  const auto whole = select(rows, query);
  for (const std::size_t part : {1U, 36U, 37U, 38U, 99U, 100U, 500U}) {
    Scan<Session> scan(standing, query);
    std::size_t steps = 1;
    while (scan.step(part)) ++steps;
    const auto pieced = scan.take();
    EXPECT_GE(steps, 100 / part);
    EXPECT_EQ(keys(pieced.rows), keys(whole.rows)) << part;
    EXPECT_EQ(pieced.total, 50U);
    EXPECT_EQ(pieced.next, whole.next);
    EXPECT_EQ(pieced.facets, whole.facets);
  }
}

/// Every page of the rows of two gateways, as the fleet holds them.
TEST(Select, WalksAlongTheOrderThatTheFleetKeeps) {
  std::minstd_rand random(3);
  std::map<std::string, fleet::RowTable<Session>> gateways;
  std::vector<std::string> expected;
  for (const std::string gateway : {"b", "a", "c"}) {
    for (int i = 0; i < 50 && gateway != "c"; ++i) {
      const std::string key = std::to_string(random() % 1'000);
      if (gateways[gateway].find(key) == nullptr) expected.push_back(gateway + "/" + key);
      gateways[gateway].put(session(key, {}, {}, gateway).row);
    }
  }
  std::ranges::sort(expected);
  std::vector<Standing<Session>> standing;
  for (auto& [gateway, rows] : gateways) {
    rows.restore_order();
    standing.insert(standing.begin(), {rows.rows(), true, rows.order(), {}});
  }
  for (const std::size_t limit : {1U, 7U, 50U, 1'000U}) {
    std::vector<std::string> walked;
    ListQuery query{.limit = limit};
    do {
      const auto page = select<Session>(std::span<const Standing<Session>>(standing), query);
      EXPECT_EQ(page.total, expected.size());
      for (const auto& taken : page.rows) {
        walked.push_back(std::string(taken.row->gateway()) + "/" + std::string(taken.row->key()));
      }
      query.after = page.next;
    } while (query.after);
    EXPECT_EQ(walked, expected) << limit;
  }
}

/// Page by page, with the times beside the rows and without: the same.
TEST(Select, TimesBesideTheRowsChangeNothingButTheCost) {
  std::minstd_rand random(9);
  std::map<std::string, fleet::RowTable<Session>> gateways;
  for (const std::string gateway : {"a", "b"}) {
    for (int i = 0; i < 400; ++i) {
      SessionRow row;
      row.gateway = gateway;
      row.key = std::to_string(random() % 10'000);
      if (random() % 5 != 0) row.updated_at = static_cast<TimeMs>(random() % 60);
      gateways[gateway].put(fleet::PackedSession::make(row));
    }
  }
  std::vector<Standing<Session>> timed;
  std::vector<Standing<Session>> plain;
  for (const auto& [gateway, rows] : gateways) {
    timed.push_back({rows.rows(), true, {}, rows.times()});
    plain.push_back({rows.rows(), true, {}, {}});
  }
  for (const std::string sort : {"updatedAt", "-updatedAt"}) {
    for (const std::string limit : {"1", "7", "100", "1000"}) {
      auto query = query_of<Session>({{"sort", sort}, {"limit", limit}});
      do {
        const auto fast = select<Session>(std::span<const Standing<Session>>(timed), query);
        const auto slow = select<Session>(std::span<const Standing<Session>>(plain), query);
        ASSERT_EQ(keys(fast.rows), keys(slow.rows)) << sort << ' ' << limit;
        EXPECT_EQ(fast.total, slow.total);
        ASSERT_EQ(fast.next.has_value(), slow.next.has_value());
        query.after = fast.next;
      } while (query.after);
    }
  }
}

/// Rows that stay as they are appear exactly once, in order, whatever happens to the others between
/// two pages.
class PagingUnderChange : public ::testing::TestWithParam<const char*> {
 protected:
  static constexpr int kSteadyRows = 60;

  void SetUp() override {
    for (int i = 0; i < kSteadyRows; ++i) put("steady" + std::to_string(i));
    for (int i = 0; i < 40; ++i) put("other" + std::to_string(i));
  }

  void put(const std::string& key) {
    const bool null = draw(4) == 0;
    const auto tokens = null ? std::nullopt : std::optional<std::int64_t>(draw(12));
    rows_[key] = session(key, tokens, "t" + std::to_string(draw(5)), draw(2) == 0 ? "g" : "h");
  }

  void change_others() {
    for (int i = 0; i < 15; ++i) {
      const std::string key = "other" + std::to_string(draw(60));
      if (draw(3) == 0)
        rows_.erase(key);
      else
        put(key);
    }
  }

  [[nodiscard]] std::vector<Taken<Session>> rows() const {
    std::vector<Taken<Session>> all;
    for (const auto& [key, row] : rows_) all.push_back(row);
    return all;
  }

  std::vector<std::string> walk(std::size_t limit, bool changing) {
    std::vector<std::string> seen;
    Parameters parameters{{"limit", std::to_string(limit)}};
    if (*GetParam() != '\0') parameters.push_back({"sort", GetParam()});
    const std::size_t fixed = parameters.size();
    while (true) {
      const auto page = select(rows(), query_of<Session>(parameters));
      for (auto& key : keys(page.rows)) {
        if (key.starts_with("steady")) seen.push_back(std::move(key));
      }
      if (!page.next) return seen;
      parameters.resize(fixed);
      parameters.push_back({"page", encode_page_token(*page.next)});
      if (changing) change_others();
    }
  }

  std::int64_t draw(std::int64_t below) {
    return std::uniform_int_distribution<std::int64_t>(0, below - 1)(random_);
  }

  std::mt19937 random_{20260711};
  std::map<std::string, Taken<Session>> rows_;
};

TEST_P(PagingUnderChange, NeitherSkipsNorRepeats) {
  for (const std::size_t limit : {1U, 3U, 7U, 50U, 1000U}) {
    const auto expected = walk(1000, false);
    ASSERT_EQ(expected.size(), static_cast<std::size_t>(kSteadyRows));
    EXPECT_EQ(walk(limit, true), expected) << "limit " << limit;
  }
}

INSTANTIATE_TEST_SUITE_P(Orders, PagingUnderChange,
                         ::testing::Values("", "totalTokens", "-totalTokens", "title", "-title",
                                           "gateway", "-archived"));

}  // namespace
}  // namespace cc::api
