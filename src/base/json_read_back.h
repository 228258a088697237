#pragma once
// Reads JSON that `JsonWriter` wrote, front to back, without spaces and with its escapes. That, and
// no tree, is what makes it several times as fast as a parser. JSON from anywhere else is read with
// simdjson.

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
  /// Where it is not the end, the next member can be read as if this had not been asked.
  [[nodiscard]] bool end_object() {
    if (!take('}')) return false;
    first_ = false;
    return true;
  }
  /// The name of a member; its value is to be read next. Of a literal, whose size is known where it
  /// is compared. Where another member is next, that one can still be read.
  template <std::size_t N>
  [[nodiscard]] bool key(const char (&name)[N]) {
    constexpr std::size_t kName = N - 1;
    const std::size_t comma = first_ ? 0 : 1;
    if (rest_.size() < comma + kName + 3) return false;
    const char* at = rest_.data();
    if (comma != 0 && *at++ != ',') return false;
    if (*at != '"' || std::memcmp(at + 1, name, kName) != 0 || at[kName + 1] != '"') return false;
    if (at[kName + 2] != ':') return false;
    rest_.remove_prefix(comma + kName + 3);
    first_ = true;
    return true;
  }
  /// A member that nobody wants, whatever its value is.
  [[nodiscard]] bool skip_member() { return separate() && skip_text() && take(':') && skip_any(0); }
  /// The value of a member whose name was read.
  [[nodiscard]] bool skip_value() { return separate() && skip_any(0); }
  /// The same; `into` is its JSON as it stands.
  [[nodiscard]] bool raw_value(std::string_view& into) {
    if (!separate()) return false;
    const std::string_view from = rest_;
    if (!skip_any(0)) return false;
    into = from.substr(0, from.size() - rest_.size());
    return true;
  }
  /// How many bytes are still to be read.
  [[nodiscard]] std::size_t left() const { return rest_.size(); }
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
    return error == std::errc() && at_end_of_value();
  }
  [[nodiscard]] bool at_end_of_value() const {
    return rest_.empty() || rest_[0] == ',' || rest_[0] == '}' || rest_[0] == ']';
  }
  [[nodiscard]] bool skip_text();
  [[nodiscard]] bool skip_any(unsigned depth);
  [[nodiscard]] bool skip_items(char end, unsigned depth);
  [[nodiscard]] bool skip_word();
  [[nodiscard]] bool unescape(std::string_view& into);
  [[nodiscard]] bool append_unescaped();
  [[nodiscard]] bool append_code_unit();

  std::string_view rest_;
  bool first_ = true;      // no comma before the next value
  std::string unescaped_;  // texts that were; never larger than what they were read from
};

}  // namespace cc
