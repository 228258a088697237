#include "api/query/list_query.h"

#include <cmath>

#include <gtest/gtest.h>

#include "api/query/select.h"

namespace cc::api {
namespace {

std::expected<ListQuery, ParameterFault> sessions(const Parameters& parameters) {
  return parse_list_query(parameters, field_specs<fleet::Session>());
}
std::expected<ListQuery, ParameterFault> agents(const Parameters& parameters) {
  return parse_list_query(parameters, field_specs<fleet::Agent>());
}

TEST(ListQuery, HasDefaults) {
  const auto query = sessions({});
  ASSERT_TRUE(query);
  EXPECT_EQ(query->limit, 100U);
  EXPECT_FALSE(query->order);
  EXPECT_FALSE(query->after);
  EXPECT_TRUE(query->filters.empty());
}

TEST(ListQuery, NamesTheParameterThatCannotBeUsed) {
  const std::pair<Parameter, const char*> cases[] = {
      {{"limit", "0"}, "limit"},
      {{"limit", "1001"}, "limit"},
      {{"limit", "-1"}, "limit"},
      {{"limit", "ten"}, "limit"},
      {{"limit", "10x"}, "limit"},
      {{"limit", ""}, "limit"},
      {{"limit", "1e2"}, "limit"},
      {{"sort", "nothing"}, "sort"},
      {{"sort", ""}, "sort"},
      {{"sort", "--title"}, "sort"},
      {{"page", "x"}, "page"},
      {{"page", ""}, "page"},
      {{"nonsense", "1"}, "nonsense"},
      {{"activeRuns", "many"}, "activeRuns"},
      {{"activeRuns", ""}, "activeRuns"},
      {{"activeRuns", "1.5"}, "activeRuns"},
      {{"archived", "yes"}, "archived"},
      {{"costUsd", "cheap"}, "costUsd"},
      {{"costUsd", "inf"}, "costUsd"},
      {{"costUsd", "nan"}, "costUsd"},
      {{"Title", "x"}, "Title"},
      {{"", "x"}, ""},
  };
  for (const auto& [parameter, named] : cases) {
    const auto query = sessions({parameter});
    ASSERT_FALSE(query) << parameter.name << "=" << parameter.value;
    EXPECT_EQ(query.error().parameter, named);
  }
}

TEST(ListQuery, KnowsTheClosedVocabularies) {
  EXPECT_TRUE(agents({{"status", "error,waiting"}}));
  EXPECT_EQ(agents({{"status", "error,wating"}}).error().parameter, "status");
  EXPECT_TRUE(sessions({{"status", "any word of a gateway"}}));
}

TEST(ListQuery, AddsAlternativesOfTheSameField) {
  const auto query =
      sessions({{"status", "done,failed"}, {"status", "null"}, {"archived", "false"}});
  ASSERT_TRUE(query);
  ASSERT_EQ(query->filters.size(), 2U);
  EXPECT_EQ(query->filters[0].any_of.size(), 3U);
  EXPECT_EQ(query->filters[0].any_of[2], OwnedValue());
}

TEST(ListQuery, TakesEverythingElseOnlyOnce) {
  for (const auto* name : {"limit", "sort", "q"}) {
    const std::string value = std::string_view(name) == "limit" ? "5" : "title";
    EXPECT_EQ(sessions({{name, value}, {name, value}}).error().parameter, name);
  }
}

/// Attack: a token made by hand, to compare values of different kinds or to order by what is not a
/// number.
TEST(ListQuery, RefusesAPageOfAnotherOrder) {
  const auto token = [](std::string sort, OwnedValue value) {
    return encode_page_token({std::move(sort), std::move(value), "g", "k"});
  };
  EXPECT_TRUE(sessions({{"page", token("", {})}}));
  EXPECT_TRUE(sessions({{"page", token("-updatedAt", std::int64_t{5})}, {"sort", "-updatedAt"}}));
  EXPECT_TRUE(sessions({{"page", token("-updatedAt", {})}, {"sort", "-updatedAt"}}));
  EXPECT_FALSE(sessions({{"page", token("updatedAt", std::int64_t{5})}, {"sort", "-updatedAt"}}));
  EXPECT_FALSE(sessions({{"page", token("-updatedAt", "text")}, {"sort", "-updatedAt"}}));
  EXPECT_FALSE(sessions({{"page", token("costUsd", std::nan(""))}, {"sort", "costUsd"}}));
  EXPECT_FALSE(sessions({{"page", token("", std::int64_t{5})}}));
  EXPECT_FALSE(sessions({{"page", token("title", "x")}}));
}

TEST(PageToken, ReadsWhatItWrites) {
  const OwnedValue values[] = {
      {}, true, std::int64_t{-7}, 0.1, -0.0, std::string("a:b\"é"), Texts{"x", "", "y:1"}, Texts{}};
  for (const OwnedValue& value : values) {
    const PageToken place{"-costUsd", value, "default", "agent:main:1"};
    EXPECT_EQ(decode_page_token(encode_page_token(place)), place);
  }
}

TEST(PageToken, RefusesWhatIsCutOrAltered) {
  const std::string token = encode_page_token({"-title", "x", "g", "k"});
  for (std::size_t size = 0; size < token.size(); ++size) {
    EXPECT_FALSE(decode_page_token(token.substr(0, size)));
  }
  EXPECT_FALSE(decode_page_token(token + token));
  EXPECT_FALSE(decode_page_token("99999999999999999999"));
}

}  // namespace
}  // namespace cc::api
