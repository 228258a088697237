#include "api/query/list_query.h"

#include <cmath>

#include <gtest/gtest.h>

#include "api/query/select.h"
#include "base/encoding.h"

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
  EXPECT_TRUE(query->orders.empty());
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
      {{"sort", "title,"}, "sort"},
      {{"sort", "title,-title"}, "sort"},
      {{"page", "x"}, "page"},
      {{"page", ""}, "page"},
      {{"nonsense", "1"}, "nonsense"},
      {{"activeRuns", "many"}, "activeRuns"},
      {{"activeRuns", ""}, "activeRuns"},
      {{"activeRuns", "1.5"}, "activeRuns"},
      {{"updatedAt", ".."}, "updatedAt"},
      {{"updatedAt", "5..4"}, "updatedAt"},
      {{"updatedAt", "5..5"}, "updatedAt"},
      {{"updatedAt", "1..2..3"}, "updatedAt"},
      {{"updatedAt", "1..null"}, "updatedAt"},
      {{"updatedAt", "1h.."}, "updatedAt"},
      {{"updatedAt", "1...2"}, "updatedAt"},
      {{"costUsd", "..inf"}, "costUsd"},
      {{"costUsd", "1..nan"}, "costUsd"},
      {{"archived", "true..false"}, "archived"},
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

TEST(ListQuery, SaysWhatARangeLooksLike) {
  EXPECT_EQ(
      sessions({{"updatedAt", "yesterday"}}).error().detail,
      "The parameter 'updatedAt' must be a whole number, a range FROM..TO with FROM below TO, "
      "or null.");
}

TEST(ListQuery, TakesRangesOfEveryFieldThatIsANumberOrATime) {
  for (const FieldSpec& field : field_specs<fleet::Session>()) {
    const bool is_number = field.kind == FieldKind::kInteger || field.kind == FieldKind::kNumber;
    const auto query = sessions({{std::string(field.name), "1..2"}});
    const bool is_range = query && query->filters[0].ranges.size() == 1;
    EXPECT_EQ(is_range, is_number) << field.name;
  }
  EXPECT_TRUE(agents({{"statusSince", "..1795349534429,null"}}));
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
  const auto token = [](std::string sort, std::vector<OwnedValue> values) {
    return encode_page_token({std::move(sort), std::move(values), "g", "k"});
  };
  const OwnedValue null;
  EXPECT_TRUE(sessions({{"page", token("", {})}}));
  EXPECT_TRUE(sessions({{"page", token("-updatedAt", {std::int64_t{5}})}, {"sort", "-updatedAt"}}));
  EXPECT_TRUE(sessions({{"page", token("-updatedAt", {null})}, {"sort", "-updatedAt"}}));
  EXPECT_FALSE(sessions({{"page", token("updatedAt", {std::int64_t{5}})}, {"sort", "-updatedAt"}}));
  EXPECT_FALSE(sessions({{"page", token("-updatedAt", {"text"})}, {"sort", "-updatedAt"}}));
  EXPECT_FALSE(sessions({{"page", token("costUsd", {std::nan("")})}, {"sort", "costUsd"}}));
  EXPECT_FALSE(sessions({{"page", token("", {std::int64_t{5}})}}));
  EXPECT_FALSE(sessions({{"page", token("title", {"x"})}}));
  const Parameter two{"sort", "title,-costUsd"};
  EXPECT_TRUE(sessions({two, {"page", token(two.value, {"x", 0.5})}}));
  EXPECT_FALSE(sessions({two, {"page", token(two.value, {"x"})}}));
  EXPECT_FALSE(sessions({two, {"page", token(two.value, {0.5, "x"})}}));
  EXPECT_FALSE(sessions({two, {"page", token(two.value, {"x", 0.5, null})}}));
}

/// Attack: a token made by hand that says it holds more texts than there are bytes.
TEST(PageToken, RefusesACountThatNothingFollows) {
  const std::string_view bytes = "1:25:roles1:g1:k1:11:l19:9223372036854775807";
  EXPECT_FALSE(decode_page_token(to_base64url(bytes)));
}

TEST(PageToken, ReadsWhatItWrites) {
  const OwnedValue values[] = {
      {}, true, std::int64_t{-7}, 0.1, -0.0, std::string("a:b\"é"), Texts{"x", "", "y:1"}, Texts{}};
  for (const OwnedValue& value : values) {
    for (const auto& all : {std::vector{value}, {value, value}, {value, OwnedValue(), value}}) {
      const PageToken place{"-costUsd", all, "default", "agent:main:1"};
      EXPECT_EQ(decode_page_token(encode_page_token(place)), place);
    }
  }
}

TEST(PageToken, RefusesWhatIsCutOrAltered) {
  const std::string token = encode_page_token({"-title", {"x"}, "g", "k"});
  for (std::size_t size = 0; size < token.size(); ++size) {
    EXPECT_FALSE(decode_page_token(token.substr(0, size)));
  }
  EXPECT_FALSE(decode_page_token(token + token));
  EXPECT_FALSE(decode_page_token("99999999999999999999"));
}

}  // namespace
}  // namespace cc::api
