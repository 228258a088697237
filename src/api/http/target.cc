#include "api/http/target.h"

#include "base/text.h"

namespace cc::api {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// The byte that `escape` stands for (its first character is the percent sign), or -1.
int unescape(std::string_view escape) {
  if (escape.size() < 3) return -1;
  const int high = hex_digit(escape[1]);
  const int low = hex_digit(escape[2]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

enum class Plus { kKept, kSpace };

std::optional<std::string> decode(std::string_view text, Plus plus) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      const int byte = unescape(text.substr(i));
      if (byte < 0) return std::nullopt;
      out += static_cast<char>(byte);
      i += 2;
    } else {
      out += text[i] == '+' && plus == Plus::kSpace ? ' ' : text[i];
    }
  }
  if (!is_utf8(out)) return std::nullopt;
  return out;
}

/// Calls `each(part)` until one says no; whether all said yes.
template <class Each>
bool split(std::string_view text, char separator, Each&& each) {
  while (true) {
    const std::size_t end = text.find(separator);
    if (!each(text.substr(0, end))) return false;
    if (end == std::string_view::npos) return true;
    text.remove_prefix(end + 1);
  }
}

bool parse_path(std::string_view text, std::vector<std::string>& path) {
  return split(text, '/', [&](std::string_view part) {
    auto decoded = decode(part, Plus::kKept);
    if (!decoded) return false;
    path.push_back(*std::move(decoded));
    return true;
  });
}

bool parse_query(std::string_view text, Parameters& query) {
  return split(text, '&', [&](std::string_view pair) {
    if (pair.empty()) return true;
    const std::size_t equals = pair.find('=');
    auto name = decode(pair.substr(0, equals), Plus::kSpace);
    auto value = equals == std::string_view::npos ? std::string()
                                                  : decode(pair.substr(equals + 1), Plus::kSpace);
    if (!name || !value) return false;
    query.push_back({*std::move(name), *std::move(value)});
    return true;
  });
}

}  // namespace

std::optional<Target> parse_target(std::string_view target) {
  if (target.empty() || target.front() != '/') return std::nullopt;
  const std::size_t mark = target.find('?');
  Target parsed;
  if (!parse_path(target.substr(1, mark == std::string_view::npos ? mark : mark - 1),
                  parsed.path)) {
    return std::nullopt;
  }
  if (mark != std::string_view::npos && !parse_query(target.substr(mark + 1), parsed.query)) {
    return std::nullopt;
  }
  return parsed;
}

std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> items(1);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size() && text[i + 1] == ',') {
      items.back() += text[++i];
    } else if (text[i] == ',') {
      items.emplace_back();
    } else {
      items.back() += text[i];
    }
  }
  return items;
}

}  // namespace cc::api
