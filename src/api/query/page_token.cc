#include "api/query/page_token.h"

#include <bit>

#include "base/encoding.h"
#include "base/number.h"

namespace cc::api {
namespace {

// A token is a row of texts, each as its length, a colon and its bytes: form, sort, gateway, id,
// how many values, and for each value its kind and itself. A list of texts has their count before
// them.
constexpr std::string_view kForm = "2";

void put(std::string& out, std::string_view text) {
  out.append(std::to_string(text.size())).append(":").append(text);
}

std::optional<std::string> take(std::string_view& in) {
  const std::size_t colon = in.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto size = number_in<std::size_t>(in.substr(0, colon));
  if (!size || *size > in.size() - colon - 1) return std::nullopt;
  std::string text(in.substr(colon + 1, *size));
  in.remove_prefix(colon + 1 + *size);
  return text;
}

struct Writer {
  std::string& out;
  void operator()(std::monostate /*null*/) const { put(out, "z"); }
  void operator()(bool truth) const { number("b", truth ? 1 : 0); }
  void operator()(std::int64_t value) const { number("i", value); }
  // By its bits, because the text of a double might not read back as the same double.
  void operator()(double value) const { number("d", std::bit_cast<std::int64_t>(value)); }
  void operator()(const std::string& text) const {
    put(out, "t");
    put(out, text);
  }
  void operator()(const Texts& texts) const {
    number("l", static_cast<std::int64_t>(texts.size()));
    for (const auto& text : texts) put(out, text);
  }
  void number(std::string_view kind, std::int64_t value) const {
    put(out, kind);
    put(out, std::to_string(value));
  }
};

std::optional<std::int64_t> take_number(std::string_view& in) {
  const auto text = take(in);
  return text ? number_in<std::int64_t>(*text) : std::nullopt;
}

std::optional<OwnedValue> take_texts(std::string_view& in, std::int64_t count) {
  Texts texts;
  for (; count > 0; --count) {
    auto text = take(in);
    if (!text) return std::nullopt;
    texts.push_back(*std::move(text));
  }
  return count == 0 ? std::optional<OwnedValue>(std::move(texts)) : std::nullopt;
}

std::optional<OwnedValue> take_value(std::string_view& in) {
  const auto kind = take(in);
  if (!kind) return std::nullopt;
  if (*kind == "z") return OwnedValue();
  if (*kind == "t") {
    auto text = take(in);
    return text ? std::optional<OwnedValue>(*std::move(text)) : std::nullopt;
  }
  const auto number = take_number(in);
  if (!number) return std::nullopt;
  if (*kind == "l") return take_texts(in, *number);
  if (*kind == "b") return OwnedValue(*number != 0);
  if (*kind == "i") return OwnedValue(*number);
  if (*kind == "d") return OwnedValue(std::bit_cast<double>(*number));
  return std::nullopt;
}

std::optional<std::vector<OwnedValue>> take_values(std::string_view& in) {
  const auto count = take_number(in);
  if (!count || *count < 0) return std::nullopt;
  std::vector<OwnedValue> values;
  for (std::int64_t left = *count; left > 0; --left) {
    auto value = take_value(in);
    if (!value) return std::nullopt;
    values.push_back(*std::move(value));
  }
  return values;
}

}  // namespace

std::string encode_page_token(const PageToken& place) {
  std::string bytes;
  put(bytes, kForm);
  put(bytes, place.sort);
  put(bytes, place.gateway);
  put(bytes, place.id);
  put(bytes, std::to_string(place.values.size()));
  for (const OwnedValue& value : place.values) std::visit(Writer{bytes}, value);
  return to_base64url(bytes);
}

std::optional<PageToken> decode_page_token(std::string_view token) {
  const auto bytes = from_base64url(token);
  if (!bytes) return std::nullopt;
  std::string_view in = *bytes;
  const auto form = take(in);
  auto sort = take(in);
  auto gateway = take(in);
  auto id = take(in);
  auto values = take_values(in);
  if (form != kForm || !sort || !gateway || !id || !values || !in.empty()) return std::nullopt;
  return PageToken{*std::move(sort), *std::move(values), *std::move(gateway), *std::move(id)};
}

}  // namespace cc::api
