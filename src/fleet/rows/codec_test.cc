#include "fleet/rows/codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include "fleet/rows/field_table.h"
#include "fleet/testing/json_of.h"
#include "fleet/testing/world.h"

namespace cc::fleet {
namespace {

using namespace std::string_literals;
using ::testing::HasSubstr;
using testing::json_of;

SessionRow full_session() {
  SessionRow row;
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

/// Something other than nothing, for every type of field.
struct Something {
  std::int64_t number = 7;
  void put(auto& into) { into = static_cast<std::remove_reference_t<decltype(into)>>(++number); }
  void put(bool& into) { into = true; }
  void put(double& into) { into = static_cast<double>(++number) / 7; }
  void put(std::string_view& into) { into = "a \"text\"\n"; }
  void put(std::string& into) { into = "text " + std::to_string(++number); }
  void put(Words& into) { into = {"one", "two\t"}; }
  void put(GatewayState& into) { into = GatewayState::kBlocked; }
  void put(AgentStatus& into) { into = AgentStatus::kStalled; }
  void put(Source& into) { into = Source::kRest; }
  void put(Access& into) { into = Access::kAdmin; }
  void put(CommandStatus& into) { into = CommandStatus::kUnknown; }
  void put(ApprovalKind& into) { into = ApprovalKind::kQuestion; }
  void put(ApprovalStatus& into) { into = ApprovalStatus::kExpired; }
  void put(JsonObject& into) { into.json = R"({"a":[1,"}"],"b":{"c":null}})"; }
  void put(JsonArray& into) { into.json = R"([{"d":"]"},2.5])"; }
  void put(Author& into) { into = {"anna \"a\"", "operator", "cli"}; }
  void put(CommandTarget& into) { into = {"sessionKey", "agent:main:\tx"}; }
  template <class T>
  void put(std::optional<T>& into) {
    put(into.emplace());
  }
};

template <class Row>
Fields<Row> full_row() {
  Fields<Row> row;
  Something something;
  each_field<Row>([&](auto field) {
    if constexpr (field.kIsKept) something.put(field.in(row));
  });
  return row;
}

template <class Row>
const Fields<Row> kNewRow = {};

template <class Row>
bool is_name_of(std::string_view wire) {
  return !every_field<Row>([&](auto field) {
    const bool names = has_use(field.uses, kIdentity) || has_use(field.uses, kOwner);
    return field.wire != wire || !names;
  });
}

template <class Row>
bool is_kept(std::string_view wire) {
  return every_field<Row>([&](auto field) { return field.wire != wire || field.kIsKept; });
}

TEST(Codec, ReadsBackTheSessionItWrote) {
  const SessionRow row = full_session();
  const auto read = decode<Session>(json_of<Session>(row));
  ASSERT_TRUE(read.has_value()) << read.error().message;
  EXPECT_FALSE(differs(row, (*read)->view()));
  EXPECT_EQ((*read)->version(), 7U);
}

TEST(Codec, ReadsBackTheOtherRows) {
  Gateway gateway{
      .name = "alpha", .state = GatewayState::kBlocked, .source = Source::kRest, .detail = "no"};
  gateway.protocol = 4;
  EXPECT_FALSE(differs(gateway, **decode<Gateway>(json_of<Gateway>(gateway))));
  Agent agent{.gateway = "alpha", .id = "main", .name = "Main", .emoji = "🦊"};
  agent.reported_status = AgentStatus::kStalled;
  EXPECT_FALSE(differs(agent, **decode<Agent>(json_of<Agent>(agent, false))));
  Presence presence{
      .gateway = "alpha", .id = "d1", .host = "box", .roles = {"operator", "node"}, .online = true};
  EXPECT_FALSE(differs(presence, **decode<Presence>(json_of<Presence>(presence))));
}

TEST(Codec, ShowsAgentsOfASilentGatewayAsUnknown) {
  const Agent agent{.gateway = "alpha", .id = "main", .name = "Main"};
  EXPECT_THAT(json_of<Agent>(agent, true), HasSubstr(R"("status":"idle","reportedStatus":"idle")"));
  EXPECT_THAT(json_of<Agent>(agent, false),
              HasSubstr(R"("status":"unknown","reportedStatus":"idle")"));
}

TEST(Codec, NamesWhatIsWrongInAStoredRow) {
  EXPECT_EQ(decode<Session>("[]").error().code, ErrorCode::kCorrupt);
  EXPECT_THAT(decode<Session>(R"({"gateway":"alpha","key":7})").error().message, HasSubstr("key"));
  const std::string whole = json_of<Session>(full_session());
  EXPECT_EQ(decode<Session>(whole + ",").error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(decode<Session>(whole.substr(0, whole.size() - 1)).error().code, ErrorCode::kCorrupt);
  std::string broken = whole;
  broken[broken.find("main")] = '\xC3';
  EXPECT_EQ(decode<Session>(broken).error().code, ErrorCode::kCorrupt);
}

// ---- rows of other releases

/// A row of a kind with something in every member, as JSON: name and value of each, in order.
using Members = std::vector<std::pair<std::string, std::string>>;

template <class Row>
Members members_of_a_full_row() {
  Members members;
  simdjson::dom::parser parser;
  const std::string json = json_of<Row>(full_row<Row>());
  for (const auto [name, value] : parser.parse(json).get_object().value()) {
    EXPECT_TRUE(!value.is_null() || !is_kept<Row>(name)) << name << ": an empty one proves nothing";
    members.emplace_back(name, simdjson::minify(value));
  }
  return members;
}

std::string object_of(const Members& members) {
  std::string json;
  for (const auto& [name, value] : members) {
    json.append(json.empty() ? "{\"" : ",\"").append(name).append("\":").append(value);
  }
  return json + "}";
}

/// What the row that is read is written as.
template <class Row>
std::string read_and_written(const std::string& json) {
  const auto row = decode<Row>(json);
  return row ? json_of<Row>(fields_of(**row)) : row.error().message;
}

template <class Row>
class RowsOfOtherReleases : public ::testing::Test {
 protected:
  const Members full_ = members_of_a_full_row<Row>();
  const std::string whole_ = object_of(full_);
};
using AllKinds = ::testing::Types<Gateway, Agent, Session, Presence, Command, Approval, CronJob>;
TYPED_TEST_SUITE(RowsOfOtherReleases, AllKinds);

TYPED_TEST(RowsOfOtherReleases, AreReadAsTheyWereWritten) {
  EXPECT_EQ(read_and_written<TypeParam>(this->whole_), this->whole_);
}

TYPED_TEST(RowsOfOtherReleases, MayHaveMembersThatAreNotKnownHere) {
  for (const auto* value :
       {"7", "null", "\"}\"", R"([{"a":[1]},"\"]"])", R"({"version":{"b":"}"}})"}) {
    for (std::size_t at = 0; at <= this->full_.size(); ++at) {
      Members more = this->full_;
      more.insert(more.begin() + static_cast<std::ptrdiff_t>(at), {"fromTomorrow", value});
      EXPECT_EQ(read_and_written<TypeParam>(object_of(more)), this->whole_) << at << value;
    }
  }
}

TYPED_TEST(RowsOfOtherReleases, MayLackAMemberWhichIsThenAsInANewRow) {
  for (std::size_t at = 0; at < this->full_.size(); ++at) {
    Members less = this->full_;
    less.erase(less.begin() + static_cast<std::ptrdiff_t>(at));
    const auto row = decode<TypeParam>(object_of(less));
    const auto& name = this->full_[at].first;
    if (is_name_of<TypeParam>(name)) {
      ASSERT_FALSE(row);
      EXPECT_EQ(row.error().code, ErrorCode::kCorrupt);
      EXPECT_THAT(row.error().message, HasSubstr("`" + name + "` is missing"));
      continue;
    }
    ASSERT_TRUE(row) << row.error().message;
    auto expected = full_row<TypeParam>();
    each_field<TypeParam>([&](auto field) {
      if constexpr (field.kIsKept) {
        if (field.wire == name) field.in(expected) = field.in(std::as_const(kNewRow<TypeParam>));
      }
    });
    EXPECT_EQ(json_of<TypeParam>(fields_of(**row)), json_of<TypeParam>(expected)) << name;
  }
}

TYPED_TEST(RowsOfOtherReleases, MayHaveTheirMembersInAnyOrder) {
  for (std::size_t a = 0; a < this->full_.size(); ++a) {
    for (std::size_t b = a + 1; b < this->full_.size(); ++b) {
      Members swapped = this->full_;
      std::swap(swapped[a], swapped[b]);
      ASSERT_EQ(read_and_written<TypeParam>(object_of(swapped)), this->whole_) << a << " " << b;
    }
  }
  Members reversed(this->full_.rbegin(), this->full_.rend());
  EXPECT_EQ(read_and_written<TypeParam>(object_of(reversed)), this->whole_);
}

TYPED_TEST(RowsOfOtherReleases, MayBeSpacedAndEscapedByAnotherProgram) {
  std::string spaced = "{ ";
  for (const auto& [name, value] : this->full_) {
    spaced.append(spaced.size() > 2 ? " ,\n" : "")
        .append("\"\\u00")
        .append("0123456789abcdef"s.substr(static_cast<unsigned char>(name[0]) >> 4U, 1));
    spaced.append("0123456789abcdef"s.substr(static_cast<unsigned char>(name[0]) & 15U, 1));
    spaced.append(name.substr(1)).append("\" : ").append(value);
  }
  EXPECT_EQ(read_and_written<TypeParam>(spaced + "}\n"), this->whole_);
}

TYPED_TEST(RowsOfOtherReleases, NameTheMemberThatIsOfAnotherType) {
  for (std::size_t at = 0; at < this->full_.size(); ++at) {
    const auto& name = this->full_[at].first;
    if (!is_kept<TypeParam>(name)) continue;
    Members wrong = this->full_;
    wrong[at].second = wrong[at].second.starts_with('{') ? "7" : R"({"a":1})";
    for (const auto& json : {object_of(wrong), object_of(Members(wrong.rbegin(), wrong.rend()))}) {
      const auto row = decode<TypeParam>(json);
      ASSERT_FALSE(row) << json;
      EXPECT_EQ(row.error().code, ErrorCode::kCorrupt);
      EXPECT_THAT(row.error().message, HasSubstr("`" + name + "`"));
    }
  }
}

}  // namespace
}  // namespace cc::fleet
