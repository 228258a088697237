#include "base/extra_headers.h"

#include <algorithm>
#include <array>

namespace cc {
namespace {

constexpr std::array<std::string_view, 6> kOurs{"host",           "connection",        "upgrade",
                                                "content-length", "transfer-encoding", "te"};
constexpr std::string_view kOfWebSockets = "sec-websocket-";
constexpr std::string_view kNameMarks = "!#$%&'*+-.^_`|~";

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_name_character(char c) {
  const char small = lower(c);
  return (small >= 'a' && small <= 'z') || (c >= '0' && c <= '9') || kNameMarks.contains(c);
}

bool is_ours(std::string_view name) {
  std::string small(name);
  std::ranges::transform(small, small.begin(), lower);
  return std::ranges::find(kOurs, small) != kOurs.end() || small.starts_with(kOfWebSockets);
}

bool is_plain(std::string_view value) {
  return std::ranges::all_of(value, [](char c) { return c >= 0x20 && c < 0x7F; });
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r";
  const auto first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

Result<ExtraHeader> parse_line(std::string_view line) {
  const auto colon = line.find(':');
  const auto name = line.substr(0, colon);
  if (colon == std::string_view::npos || name.empty() ||
      !std::ranges::all_of(name, is_name_character)) {
    return fail(ErrorCode::kInvalid, "is not of the form Name: value");
  }
  if (is_ours(name)) return fail(ErrorCode::kInvalid, "names a header that is not to be set");
  const auto value = trimmed(line.substr(colon + 1));
  if (value.empty() || !is_plain(value)) {
    return fail(ErrorCode::kInvalid, "has no value of plain ASCII characters");
  }
  return ExtraHeader{std::string(name), Secret(std::string(value))};
}

}  // namespace

Result<ExtraHeaders> parse_extra_headers(std::string_view text) {
  ExtraHeaders headers;
  for (int number = 1; !text.empty(); ++number) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line.front() == '#') continue;
    auto header = parse_line(line);
    if (!header) {
      return fail(ErrorCode::kInvalid,
                  "line " + std::to_string(number) + " " + header.error().message);
    }
    headers.push_back(*std::move(header));
  }
  return headers;
}

}  // namespace cc
