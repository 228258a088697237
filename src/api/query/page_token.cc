#include "api/query/page_token.h"

#include <bit>
#include <charconv>

#include "base/encoding.h"

namespace cc::api {
namespace {

// A token is a row of texts, each as its length, a colon and its bytes: form, sort, gateway, id,
// kind, value …
constexpr std::string_view kForm = "1";

void put(std::string& out, std::string_view text) {
  out.append(std::to_string(text.size())).append(":").append(text);
}

std::optional<std::string> take(std::string_view& in) {
  const std::size_t colon = in.find(':');
  std::size_t size = 0;
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string digits(in.substr(0, colon));
  const char* const border = digits.data() + digits.size();
  const auto [end, error] = std::from_chars(digits.data(), border, size);
  if (error != std::errc() || end != border || size > in.size() - colon - 1) {
    return std::nullopt;
  }
  std::string text(in.substr(colon + 1, size));
  in.remove_prefix(colon + 1 + size);
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
    put(out, "l");
    for (const auto& text : texts) put(out, text);
  }
  void number(std::string_view kind, std::int64_t value) const {
    put(out, kind);
    put(out, std::to_string(value));
  }
};

std::optional<std::int64_t> take_number(std::string_view& in) {
  const auto text = take(in);
  std::int64_t number = 0;
  if (!text) return std::nullopt;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error != std::errc() || end != text->data() + text->size()) return std::nullopt;
  return number;
}

std::optional<OwnedValue> take_texts(std::string_view& in) {
  Texts texts;
  while (!in.empty()) {
    auto text = take(in);
    if (!text) return std::nullopt;
    texts.push_back(*std::move(text));
  }
  return OwnedValue(std::move(texts));
}

std::optional<OwnedValue> take_value(std::string_view& in) {
  const auto kind = take(in);
  if (!kind) return std::nullopt;
  if (*kind == "z") return OwnedValue();
  if (*kind == "l") return take_texts(in);
  if (*kind == "t") {
    auto text = take(in);
    return text ? std::optional<OwnedValue>(*std::move(text)) : std::nullopt;
  }
  const auto number = take_number(in);
  if (!number) return std::nullopt;
  if (*kind == "b") return OwnedValue(*number != 0);
  if (*kind == "i") return OwnedValue(*number);
  if (*kind == "d") return OwnedValue(std::bit_cast<double>(*number));
  return std::nullopt;
}

}  // namespace

std::string encode_page_token(const PageToken& place) {
  std::string bytes;
  put(bytes, kForm);
  put(bytes, place.sort);
  put(bytes, place.gateway);
  put(bytes, place.id);
  std::visit(Writer{bytes}, place.value);
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
  auto value = take_value(in);
  if (form != kForm || !sort || !gateway || !id || !value || !in.empty()) return std::nullopt;
  return PageToken{*std::move(sort), *std::move(value), *std::move(gateway), *std::move(id)};
}

}  // namespace cc::api
