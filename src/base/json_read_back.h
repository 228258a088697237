#pragma once
// Reads JSON that `JsonWriter` wrote, front to back, as it was written: the same members in the
// same order, and nothing between them. That, and no tree, is what makes it several times as fast
// as a parser. JSON from anywhere else is read with simdjson.

#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cc {

/// Each function takes what comes next and returns whether it was that; once one was not, where the
/// reading stands means nothing. Texts are views into the JSON, or into the reader where they were
/// escaped: good while both live.
class JsonReadBack {
 public:
  explicit JsonReadBack(std::string_view json) : rest_(json) {}
  JsonReadBack(const JsonReadBack&) = delete;
  JsonReadBack& operator=(const JsonReadBack&) = delete;

  [[nodiscard]] bool begin_object() { return begin('{'); }
  [[nodiscard]] bool end_object() {
    first_ = false;
    return take('}');
  }
  /// The name of a member; its value is to be read next. Of a literal, whose size is known where it
  /// is compared.
  template <std::size_t N>
  [[nodiscard]] bool key(const char (&name)[N]) {
    constexpr std::size_t kName = N - 1;
    if (!separate() || rest_.size() < kName + 3) return false;
    const char* at = rest_.data();
    if (*at != '"' || std::memcmp(at + 1, name, kName) != 0 || at[kName + 1] != '"') return false;
    if (at[kName + 2] != ':') return false;
    rest_.remove_prefix(kName + 3);
    first_ = true;
    return true;
  }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }

  [[nodiscard]] bool value(std::string_view& into);
  [[nodiscard]] bool value(std::string& into);
  [[nodiscard]] bool value(bool& into);
  [[nodiscard]] bool value(std::int64_t& into) { return separate() && number(into); }
  [[nodiscard]] bool value(std::uint64_t& into) { return separate() && number(into); }
  [[nodiscard]] bool value(int& into) { return separate() && number(into); }
  [[nodiscard]] bool value(double& into);
  [[nodiscard]] bool value(std::vector<std::string>& into);
  template <class T>
  [[nodiscard]] bool value(std::optional<T>& into) {
    if (!rest_.starts_with('n')) return value(into.emplace());
    into.reset();
    return separate() && take("null");
  }

 private:
  [[nodiscard]] bool begin(char bracket) {
    const bool found = separate() && take(bracket);
    first_ = true;
    return found;
  }
  [[nodiscard]] bool separate() {
    const bool first = first_;
    first_ = false;
    return first || take(',');
  }
  [[nodiscard]] bool take(char c) { return take(std::string_view(&c, 1)); }
  [[nodiscard]] bool take(std::string_view text) {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }
  template <class Number>
  [[nodiscard]] bool number(Number& into) {
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), into);
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return error == std::errc();
  }
  [[nodiscard]] bool unescape(std::string_view& into);
  [[nodiscard]] bool append_unescaped();
  [[nodiscard]] bool append_code_unit();

  std::string_view rest_;
  bool first_ = true;      // no comma before the next value
  std::string unescaped_;  // texts that were; never larger than what they were read from
};

}  // namespace cc
