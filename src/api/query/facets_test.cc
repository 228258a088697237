#include "api/query/facets.h"

#include <gmock/gmock.h>

#include "api/query/testing/select_taken.h"

namespace cc::api {
namespace {

using fleet::Session;
using fleet::SessionRow;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

Taken<Session> session(std::string key, fleet::Text status, fleet::Text model = {},
                       bool archived = false, std::string gateway = "g") {
  SessionRow row;
  row.gateway = std::move(gateway);
  row.key = std::move(key);
  row.status = std::move(status);
  row.model = std::move(model);
  row.archived = archived;
  return {fleet::PackedSession::make(row), true};
}

Selection<Session> selected(const std::vector<Taken<Session>>& rows, const Parameters& parameters) {
  const auto query = parse_list_query(parameters, field_specs<Session>());
  if (!query) throw std::invalid_argument(query.error().detail);
  return select(rows, *query);
}

const std::vector kRows{session("a", "done", "opus"), session("b", "done", "sonnet"),
                        session("c", "failed", "opus", true), session("d", {}, "opus", false, "h")};

TEST(Facets, CountEveryValueAndNull) {
  const auto found = selected(kRows, {{"facets", "status,archived"}, {"limit", "1"}});
  EXPECT_EQ(found.total, 4U);
  ASSERT_THAT(found.facets, SizeIs(2));
  EXPECT_THAT(found.facets[0], ElementsAre(Pair("done", 2), Pair("failed", 1), Pair("null", 1)));
  EXPECT_THAT(found.facets[1], ElementsAre(Pair("false", 3), Pair("true", 1)));
}

TEST(Facets, DoNotApplyTheirOwnFilter) {
  const auto found =
      selected(kRows, {{"facets", "status,model,gateway"}, {"status", "done"}, {"model", "opus"}});
  EXPECT_EQ(found.total, 1U);
  EXPECT_THAT(found.facets[0], ElementsAre(Pair("done", 1), Pair("failed", 1), Pair("null", 1)));
  EXPECT_THAT(found.facets[1], ElementsAre(Pair("opus", 1), Pair("sonnet", 1)));
  EXPECT_THAT(found.facets[2], ElementsAre(Pair("g", 1)));
}

TEST(Facets, ApplyTheSearch) {
  const auto found = selected(kRows, {{"facets", "status"}, {"q", "C"}});
  EXPECT_THAT(found.facets[0], ElementsAre(Pair("failed", 1)));
}

TEST(Facets, AreNotCountedUnlessAskedFor) {
  EXPECT_THAT(selected(kRows, {{"status", "done"}}).facets, IsEmpty());
}

TEST(Facets, CountItemsOfListsAndNumbers) {
  FacetCounter counter(2);
  const Texts roles{"node", "ui"};
  counter.count(0, &roles);
  counter.count(0, Value());
  counter.count(1, std::int64_t{4});
  counter.count(1, std::int64_t{4});
  EXPECT_THAT(counter.counts()[0], ElementsAre(Pair("node", 1), Pair("null", 1), Pair("ui", 1)));
  EXPECT_THAT(counter.counts()[1], ElementsAre(Pair("4", 2)));
}

TEST(Facets, TellTheMostFrequentOfVeryManyValues) {
  std::vector<std::string> values;
  for (std::size_t i = 0; i < FacetCounter::kMaxValues + 20; ++i) {
    values.push_back("v" + std::to_string(i));
  }
  FacetCounter counter(1);
  for (const auto& value : values) counter.count(0, std::string_view(value));
  counter.count(0, std::string_view(values.back()));
  const auto facet = counter.counts()[0];
  ASSERT_THAT(facet, SizeIs(FacetCounter::kMaxValues));
  EXPECT_THAT(facet, ::testing::Contains(Pair(values.back(), 2)));
}

TEST(Facets, AreRefusedForFieldsOfManyValues) {
  for (const auto* field : {"key", "title", "updatedAt", "nothing", ""}) {
    const auto query = parse_list_query({{"facets", field}}, field_specs<Session>());
    ASSERT_FALSE(query) << field;
    EXPECT_EQ(query.error().parameter, "facets");
    EXPECT_THAT(query.error().detail, ::testing::HasSubstr("gateway, kind"));
  }
}

}  // namespace
}  // namespace cc::api
