#include "base/json_read_back.h"

#include <algorithm>

#include "base/json_plain.h"

namespace cc {

bool JsonReadBack::value(std::string_view& into) {
  if (!separate() || !take('"')) return false;
  const std::size_t end = end_of_plain(rest_, 0);
  if (end == rest_.size()) return false;
  if (rest_[end] != '"') return unescape(into);
  into = rest_.substr(0, end);
  rest_.remove_prefix(end + 1);
  return true;
}

bool JsonReadBack::value(std::string& into) {
  std::string_view text;
  if (!value(text)) return false;
  into = text;
  return true;
}

bool JsonReadBack::value(bool& into) {
  if (!separate()) return false;
  into = take("true");
  return into || take("false");
}

bool JsonReadBack::value(double& into) {
  return separate() && number(into) && std::isfinite(into);
}

bool JsonReadBack::value(std::vector<std::string>& into) {
  if (!begin('[')) return false;
  while (!rest_.starts_with(']')) {
    if (!value(into.emplace_back())) return false;
  }
  first_ = false;
  return take(']');
}

bool JsonReadBack::skip_text() {
  if (!take('"')) return false;
  for (std::size_t end = end_of_plain(rest_, 0); end < rest_.size();
       end = end_of_plain(rest_, end)) {
    if (rest_[end] == '"') {
      rest_.remove_prefix(end + 1);
      return true;
    }
    if (rest_[end] == '\\') ++end;
    ++end;
  }
  return false;
}

bool JsonReadBack::skip_any(unsigned depth) {
  constexpr unsigned kDeepest = 64;
  if (depth == kDeepest) return false;
  if (rest_.starts_with('"')) return skip_text();
  if (take('{')) return skip_items('}', depth + 1);
  if (take('[')) return skip_items(']', depth + 1);
  return skip_word();
}

/// What is within brackets.
bool JsonReadBack::skip_items(char end, unsigned depth) {
  if (take(end)) return true;
  do {
    if (end == '}' && !(skip_text() && take(':'))) return false;
    if (!skip_any(depth)) return false;
  } while (take(','));
  return take(end);
}

/// A number, a truth or null.
bool JsonReadBack::skip_word() {
  constexpr std::string_view kLetters = "0123456789+-.eEtruefalsn";
  const std::size_t size = std::min(rest_.find_first_not_of(kLetters), rest_.size());
  rest_.remove_prefix(size);
  return size > 0;
}

/// The rest of a text, up to its end.
bool JsonReadBack::unescape(std::string_view& into) {
  // Room for all that can come, so that it never moves away from under a view.
  if (unescaped_.empty()) unescaped_.reserve(rest_.size());
  const std::size_t begin = unescaped_.size();
  for (;;) {
    const std::size_t end = end_of_plain(rest_, 0);
    unescaped_.append(rest_, 0, end);
    rest_.remove_prefix(end);
    if (take('"')) break;
    if (!take('\\') || !append_unescaped()) return false;
  }
  into = std::string_view(unescaped_).substr(begin);
  return true;
}

/// What follows a backslash.
bool JsonReadBack::append_unescaped() {
  if (rest_.empty()) return false;
  const char escape = rest_.front();
  rest_.remove_prefix(1);
  switch (escape) {
    case '"':
    case '/':
    case '\\': unescaped_ += escape; return true;
    case 'b': unescaped_ += '\b'; return true;
    case 'f': unescaped_ += '\f'; return true;
    case 'n': unescaped_ += '\n'; return true;
    case 'r': unescaped_ += '\r'; return true;
    case 't': unescaped_ += '\t'; return true;
    case 'u': return append_code_unit();
    default: return false;
  }
}

/// What follows `\u`: no other character is written so than one byte, behind two zeros.
bool JsonReadBack::append_code_unit() {
  unsigned char byte = 0;
  constexpr std::size_t kDigits = 2;
  if (!take("00") || rest_.size() < kDigits) return false;
  const char* end = rest_.data() + kDigits;
  if (std::from_chars(rest_.data(), end, byte, 16).ptr != end || byte > 0x7F) return false;
  rest_.remove_prefix(kDigits);
  unescaped_ += static_cast<char>(byte);
  return true;
}

}  // namespace cc
