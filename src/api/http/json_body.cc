#include "api/http/json_body.h"

#include <algorithm>

#include <simdjson.h>

namespace cc::api {
namespace {

namespace dom = simdjson::dom;

std::optional<JsonBody::Content> content_of(const dom::element& element) {
  switch (element.type()) {
    case dom::element_type::NULL_VALUE: return JsonBody::Content();
    case dom::element_type::BOOL: return JsonBody::Content(bool(element));
    case dom::element_type::INT64: return JsonBody::Content(std::int64_t(element));
    case dom::element_type::DOUBLE: return JsonBody::Content(double(element));
    case dom::element_type::STRING:
      return JsonBody::Content(std::string(std::string_view(element)));
    default: return std::nullopt;
  }
}

}  // namespace

Result<JsonBody> JsonBody::parse(std::string_view text,
                                 std::initializer_list<std::string_view> known) {
  dom::parser parser;
  dom::object object;
  if (parser.parse(simdjson::padded_string(text)).get(object) != simdjson::SUCCESS) {
    return fail(ErrorCode::kInvalid, "The body must be a JSON object.");
  }
  JsonBody body;
  for (const auto& [name, element] : object) {
    if (std::ranges::find(known, name) == known.end()) {
      return fail(ErrorCode::kInvalid, "The body holds a member that is not known here.");
    }
    auto content = content_of(element);
    if (!content || !body.members_.emplace(std::string(name), *std::move(content)).second) {
      return fail(ErrorCode::kInvalid, "The member '" + std::string(name) +
                                           "' is given twice, or is not a plain value.");
    }
  }
  return body;
}

std::optional<std::string> JsonBody::text(std::string_view member) const {
  const auto found = members_.find(member);
  if (found == members_.end()) return std::nullopt;
  const auto* text = std::get_if<std::string>(&found->second);
  return text == nullptr ? std::nullopt : std::optional(*text);
}

std::optional<std::int64_t> JsonBody::number(std::string_view member) const {
  const auto found = members_.find(member);
  if (found == members_.end()) return std::nullopt;
  const auto* number = std::get_if<std::int64_t>(&found->second);
  return number == nullptr ? std::nullopt : std::optional(*number);
}

bool JsonBody::has(std::string_view member) const {
  const auto found = members_.find(member);
  return found != members_.end() && !std::holds_alternative<std::monostate>(found->second);
}

}  // namespace cc::api
