// The document and the program say the same: both ways.

#include <map>
#include <set>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "api/embedded.h"
#include "api/query/field.h"
#include "api/routes/table.h"
#include "base/json_writer.h"
#include "command/kinds.h"
#include "fleet/rows/codec.h"
#include "fleet/rows/field_table.h"

namespace cc::api {
namespace {

namespace json = boost::json;

json::value document() {
  const auto bytes = embedded_file("openapi.json");
  return json::parse(json::string_view(bytes.data(), bytes.size()));
}

std::string plain(json::string_view text) {
  return {text.data(), text.size()};
}

std::string role_word(const Policy& policy) {
  return policy.is_open() ? "public" : std::string(auth::text(*policy.role()));
}

std::string documented_path(std::string_view path) {
  return path == "/{asset*}" ? "/" : std::string(path);
}

std::string lower(std::string_view word) {
  std::string out(word);
  for (char& c : out) c = static_cast<char>(std::tolower(c));
  return out;
}

using Operations = std::map<std::string, std::string>;  // "get /path" → role

Operations documented() {
  Operations operations;
  const auto doc = document();
  for (const auto& [path, methods] : doc.at("paths").as_object()) {
    for (const auto& [method, operation] : methods.as_object()) {
      operations[plain(method) + " " + plain(path)] = plain(operation.at("x-role").as_string());
    }
  }
  return operations;
}

Operations built() {
  Operations operations;
  for (const Route& route : all_routes()) {
    operations[lower(text(route.method)) + " " + documented_path(route.path)] =
        role_word(route.policy);
  }
  return operations;
}

TEST(OpenApi, NamesEveryRouteAndNoOther) {
  EXPECT_EQ(documented(), built());
}

TEST(OpenApi, SaysThatAWorkerMayHaveTooMuchToDo) {
  const auto doc = document();
  for (const Route& route : all_routes()) {
    if (route.thread != Thread::kWorker) continue;
    const auto& operation = doc.at("paths").at(route.path).at(lower(text(route.method)));
    EXPECT_TRUE(operation.at("responses").as_object().contains("429")) << route.path;
  }
}

TEST(OpenApi, AsksForALoginWhereTheRouteDoes) {
  const auto doc = document();
  for (const auto& [path, methods] : doc.at("paths").as_object()) {
    for (const auto& [method, operation] : methods.as_object()) {
      const auto* security = operation.as_object().if_contains("security");
      const bool open = security != nullptr && security->as_array().empty();
      EXPECT_EQ(open, plain(operation.at("x-role").as_string()) == "public") << path << method;
      EXPECT_TRUE(open || operation.at("responses").as_object().contains("401")) << path << method;
    }
  }
}

TEST(OpenApi, NamesTheRoleOfEachKindOfCommand) {
  std::map<std::string, std::string> table;
  for (const auto& kind : command::kinds()) {
    table[std::string(kind.name)] = kind.by == command::By::kOperator ? "operator" : "admin";
  }
  std::map<std::string, std::string> told;
  const auto doc = document();
  const auto& roles = doc.at_pointer(
      "/paths/~1api~1v1~1commands/post/requestBody/content/application~1json/schema/"
      "properties/kind/x-roles");
  for (const auto& [kind, role] : roles.as_object()) told[plain(kind)] = plain(role.as_string());
  EXPECT_EQ(told, table);
}

TEST(OpenApi, NamesThePartsOfEachPath) {
  const auto doc = document();
  for (const auto& [path, methods] : doc.at("paths").as_object()) {
    for (const auto& [method, operation] : methods.as_object()) {
      std::string rebuilt = plain(path);
      const auto* parameters = operation.as_object().if_contains("parameters");
      for (const auto& one : parameters ? parameters->as_array() : json::array()) {
        const auto* where = one.as_object().if_contains("in");
        if (where == nullptr || where->as_string() != "path") continue;
        const std::string part = "{" + plain(one.at("name").as_string()) + "}";
        ASSERT_NE(rebuilt.find(part), std::string::npos) << path;
        rebuilt.replace(rebuilt.find(part), part.size(), "_");
      }
      EXPECT_EQ(rebuilt.find('{'), std::string::npos) << path << " " << method;
    }
  }
}

TEST(OpenApi, RefersOnlyToWhatIsThere) {
  const auto doc = document();
  std::vector<const json::value*> open{&doc};
  while (!open.empty()) {
    const json::value& value = *open.back();
    open.pop_back();
    if (const auto* object = value.if_object()) {
      for (const auto& [name, member] : *object) {
        open.push_back(&member);
        if (name != "$ref") continue;
        json::error_code missing;
        const std::string pointer = plain(member.as_string()).substr(1);
        EXPECT_NE(doc.find_pointer(pointer, missing), nullptr) << pointer;
      }
    } else if (const auto* array = value.if_array()) {
      for (const auto& item : *array) open.push_back(&item);
    }
  }
}

template <class Row>
std::set<std::string> field_names() {
  std::set<std::string> names;
  for (const auto& field : fields<Row>()) names.emplace(field.name);
  return names;
}

std::set<std::string> members(const json::value& object) {
  std::set<std::string> names;
  for (const auto& [name, member] : object.as_object()) names.insert(plain(name));
  return names;
}

std::set<std::string> filters(const json::value& doc, std::string_view path) {
  std::set<std::string> names;
  for (const auto& one : doc.at("paths")
                             .at(json::string_view(path.data(), path.size()))
                             .at("get")
                             .at("parameters")
                             .as_array()) {
    if (const auto* name = one.as_object().if_contains("name")) {
      names.insert(plain(name->as_string()));
    }
  }
  return names;
}

template <class Row>
std::string encoded(const fleet::Fields<Row>& row) {
  std::string text;
  JsonWriter out(text);
  fleet::encode<Row>(out, row, true);
  return text;
}

template <class Row>
std::set<std::string> wire_names() {
  std::set<std::string> names;
  fleet::each_field<Row>([&](auto field) { names.emplace(field.wire); });
  return names;
}

/// The table of fields, the encoded row, the schema and the filters of the list name the same
/// things; what no list knows is no filter.
template <class Row>
void expect_same_names(std::string_view schema, std::string_view path) {
  const auto doc = document();
  const auto names = wire_names<Row>();
  EXPECT_EQ(members(json::parse(encoded<Row>({}))), names);
  EXPECT_EQ(members(doc.at("components")
                        .at("schemas")
                        .at(json::string_view(schema.data(), schema.size()))
                        .at("properties")),
            names);
  EXPECT_EQ(filters(doc, path), field_names<Row>());
}

template <class Row>
void expect_facets(std::string_view path) {
  std::string names;
  for (const auto& field : fields<Row>()) {
    if (field.faceted) names.append(names.empty() ? "" : ", ").append(field.name);
  }
  const auto doc = document();
  const auto& described = doc.at("paths").at(json::string_view(path.data(), path.size())).at("get");
  EXPECT_NE(plain(described.at("description").as_string()).find(" Facets: " + names + "."),
            std::string::npos)
      << path << ": " << names;
}

TEST(OpenApi, NamesTheFacetsOfEachList) {
#define KIND(tag, noun, number, plural) expect_facets<fleet::tag>("/api/v1/" #plural);
#include "fleet/rows/kinds.def"
}

// What the document calls the type of a value, as a row shows it.
constexpr std::string_view type_word(bool) {
  return "boolean";
}
constexpr std::string_view type_word(std::integral auto) {
  return "integer";
}
constexpr std::string_view type_word(double) {
  return "number";
}
constexpr std::string_view type_word(std::string_view) {
  return "string";
}
constexpr std::string_view type_word(const fleet::Words&) {
  return "array";
}
constexpr std::string_view type_word(const fleet::JsonObject&) {
  return "object";
}
constexpr std::string_view type_word(const fleet::JsonArray&) {
  return "array";
}
constexpr std::string_view type_word(const fleet::Author&) {
  return "object";
}
constexpr std::string_view type_word(const fleet::CommandTarget&) {
  return "object";
}
template <class Word>
  requires std::is_enum_v<Word>
constexpr std::string_view type_word(Word) {
  return "string";
}

template <class T>
json::value type_of(const T& /*shown*/) {
  return json::string(type_word(T{}));
}
template <class T>
json::value type_of(const std::optional<T>& /*shown*/) {
  return json::array{json::string(type_word(T{})), "null"};
}

/// Each member has the type that the table of fields gives it, and is always there.
template <class Row>
void expect_same_types(std::string_view schema) {
  const auto doc = document();
  const auto& described =
      doc.at("components").at("schemas").at(json::string_view(schema.data(), schema.size()));
  json::array required;
  fleet::each_field<Row>([&](auto field) {
    required.emplace_back(json::string_view(field.wire));
    const auto& member = described.at("properties").at(field.wire);
    EXPECT_EQ(member.at("type"), type_of(field.show(fleet::Fields<Row>(), true))) << field.wire;
  });
  EXPECT_EQ(described.at("required"), json::value(required)) << schema;
}

TEST(OpenApi, GivesEveryFieldItsType) {
#define KIND(tag, ...) expect_same_types<fleet::tag>(#tag);
#include "fleet/rows/kinds.def"
}

TEST(OpenApi, NamesEveryFieldOfEveryRow) {
#define KIND(tag, noun, number, plural) expect_same_names<fleet::tag>(#tag, "/api/v1/" #plural);
#include "fleet/rows/kinds.def"
}

}  // namespace
}  // namespace cc::api
