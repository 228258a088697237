#include "gateway_sim/door/params.h"

#include <array>

#include <boost/json.hpp>
#include <gtest/gtest.h>

namespace cc::sim {
namespace {

constexpr std::array kMembers{
    Member{"key", Kind::kString, Need::kRequired},
    Member{"limit", Kind::kInteger},
    Member{"scopes", Kind::kStrings},
    Member{"workspace", Kind::kString, Need::kRequiredOnV3},
    Member{"pinned", Kind::kBool, Need::kOnlyV4},
};

std::string fault_of(const char* text, Protocol protocol = Protocol::kV4, const char* where = "") {
  const auto params = boost::json::parse(text).as_object();
  return find_fault(params, kMembers, where, protocol).value_or("none");
}

TEST(Params, TakeWhatIsKnown) {
  EXPECT_EQ(fault_of(R"({"key":"a","limit":3,"scopes":["x"],"pinned":true})"), "none");
  EXPECT_EQ(fault_of(R"({"key":"a","limit":null})"), "none");
}

TEST(Params, RefuseWhatIsMissing) {
  EXPECT_EQ(fault_of("{}"), "at root: must have required property 'key'");
  EXPECT_EQ(fault_of(R"({"key":null})"), "at root: must have required property 'key'");
  EXPECT_EQ(fault_of("{}", Protocol::kV4, "/client"),
            "at /client: must have required property 'key'");
}

TEST(Params, RefuseWhatIsUnknown) {
  EXPECT_EQ(fault_of(R"({"key":"a","extra":1})"), "at root: unexpected property 'extra'");
}

TEST(Params, RefuseAnotherType) {
  EXPECT_EQ(fault_of(R"({"key":7})"), "at /key: must be string");
  EXPECT_EQ(fault_of(R"({"key":"a","limit":1.5})"), "at /limit: must be integer");
  EXPECT_EQ(fault_of(R"({"key":"a","scopes":["x",1]})"), "at /scopes: must be array");
}

TEST(Params, DifferBetweenTheProtocols) {
  EXPECT_EQ(fault_of(R"({"key":"a"})", Protocol::kV3),
            "at root: must have required property 'workspace'");
  EXPECT_EQ(fault_of(R"({"key":"a","workspace":"/w","pinned":true})", Protocol::kV3),
            "at root: unexpected property 'pinned'");
}

}  // namespace
}  // namespace cc::sim
