#include "api/middleware/authority.h"

#include <algorithm>
#include <cctype>

namespace cc::api {
namespace {

constexpr std::string_view kNameCharacters = "abcdefghijklmnopqrstuvwxyz0123456789-._~";
constexpr std::string_view kV6Characters = "abcdef0123456789:.";

std::string lower_case(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](unsigned char c) {
    return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  });
  return out;
}

bool is_port(std::string_view text) {
  return text.size() <= 5 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool consists_of(std::string_view text, std::string_view characters) {
  return !text.empty() && text.find_first_not_of(characters) == std::string_view::npos;
}

}  // namespace

std::optional<Authority> parse_authority(std::string_view text) {
  const std::string lowered = lower_case(text);
  std::string_view rest = lowered;
  const bool bracketed = rest.starts_with('[');
  const std::size_t end = bracketed ? rest.find(']') : rest.find(':');
  if (bracketed && end == std::string_view::npos) return std::nullopt;
  Authority parsed{.host = std::string(bracketed ? rest.substr(1, end - 1) : rest.substr(0, end)),
                   .port = {}};
  rest =
      end == std::string_view::npos ? std::string_view() : rest.substr(end + (bracketed ? 1 : 0));
  if (!rest.empty() && (rest.front() != ':' || !is_port(rest.substr(1)))) return std::nullopt;
  if (!rest.empty()) parsed.port = rest.substr(1);
  if (!consists_of(parsed.host, bracketed ? kV6Characters : kNameCharacters)) return std::nullopt;
  return parsed;
}

}  // namespace cc::api
