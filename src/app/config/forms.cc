#include "app/config/forms.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>

#include "base/encoding.h"
#include "base/number.h"

namespace cc::app {
namespace {

std::unexpected<Error> wrong(std::string why) {
  return fail(ErrorCode::kInvalid, std::move(why));
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

struct Quantity {
  std::uint64_t number = 0;
  std::string_view unit;
};

std::optional<Quantity> split_quantity(std::string_view text) {
  const auto digits =
      static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_digit) - text.begin());
  const auto number = number_in<std::uint64_t>(text.substr(0, digits));
  if (!number) return std::nullopt;
  return Quantity{*number, text.substr(digits)};
}

struct Unit {
  std::string_view name;
  std::uint64_t factor;
};

std::optional<std::uint64_t> factor_of(std::span<const Unit> units, std::string_view name) {
  const auto unit = std::ranges::find(units, name, &Unit::name);
  if (unit == units.end()) return std::nullopt;
  return unit->factor;
}

std::optional<unsigned short> parse_port(std::string_view text) {
  return number_in<unsigned short>(text);
}

bool is_host_name(std::string_view text) {
  return !text.empty() && text.size() <= 253 && std::ranges::all_of(text, [](char c) {
    return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z') || c == '.' || c == '-' || c == '_';
  });
}

bool is_ipv6_shaped(std::string_view text) {
  return text.find(':') != std::string_view::npos && std::ranges::all_of(text, [](char c) {
           return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f') || c == ':' || c == '.';
         });
}

std::string lowered(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), lower);
  return out;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// Takes the first item off a list with commas.
std::string_view take_item(std::string_view& list) {
  const auto comma = list.find(',');
  const auto item = trimmed(list.substr(0, comma));
  list = comma == std::string_view::npos ? std::string_view{} : list.substr(comma + 1);
  return item;
}

// An IPv6 address loses its brackets.
std::optional<std::string> parse_host(std::string_view text) {
  if (text.size() > 2 && text.front() == '[' && text.back() == ']') {
    text = text.substr(1, text.size() - 2);
    return is_ipv6_shaped(text) ? std::optional(lowered(text)) : std::nullopt;
  }
  if (is_ipv6_shaped(text) || is_host_name(text)) return lowered(text);
  return std::nullopt;
}

}  // namespace

Result<Millis> parse_duration(std::string_view text) {
  static constexpr std::array<Unit, 5> kUnits{
      {{"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};
  constexpr std::uint64_t kMost = std::uint64_t{3650} * 86'400'000;
  const auto quantity = split_quantity(text);
  if (!quantity) return wrong("is not a whole number with a unit");
  if (quantity->unit.empty()) return wrong("has no unit");
  const auto factor = factor_of(kUnits, quantity->unit);
  if (!factor) return wrong("has an unknown unit");
  if (quantity->number > kMost / *factor) return wrong("is longer than ten years");
  return Millis(static_cast<std::int64_t>(quantity->number * *factor));
}

Result<std::uint64_t> parse_size(std::string_view text) {
  static constexpr std::array<Unit, 5> kUnits{{{"", 1},
                                               {"KiB", std::uint64_t{1} << 10U},
                                               {"MiB", std::uint64_t{1} << 20U},
                                               {"GiB", std::uint64_t{1} << 30U},
                                               {"TiB", std::uint64_t{1} << 40U}}};
  const auto quantity = split_quantity(text);
  if (!quantity) return wrong("is not a whole number");
  const auto factor = factor_of(kUnits, quantity->unit);
  if (!factor) return wrong("has an unknown unit");
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (quantity->number > kMost / *factor) return wrong("is too large");
  return quantity->number * *factor;
}

Result<ListenAddress> parse_listen(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || text.ends_with(']')) return wrong("has no port");
  const auto port = parse_port(text.substr(colon + 1));
  if (!port) return wrong("has no port between 0 and 65535");
  const auto written = text.substr(0, colon);
  if (written.empty()) return wrong("has no host (0.0.0.0 stands for every address)");
  // Without brackets nobody can tell where an IPv6 address ends and its port begins.
  if (written.front() != '[' && is_ipv6_shaped(written)) {
    return wrong("holds an IPv6 address without brackets");
  }
  const auto host = parse_host(written);
  if (!host) return wrong("has no host name or address before the port");
  return ListenAddress{*host, *port};
}

Result<gateway::protocol::ProtocolRange> parse_protocols(std::string_view text) {
  constexpr int kOldest = 3;
  constexpr int kNewest = 4;
  const auto dash = text.find('-');
  const auto low = parse_port(text.substr(0, dash));
  const auto high = dash == std::string_view::npos ? low : parse_port(text.substr(dash + 1));
  if (!low || !high) return wrong("is not a range of protocols");
  if (*low > *high) return wrong("is upside down");
  if (*low < kOldest || *high > kNewest) return wrong("names a protocol that is not spoken");
  return gateway::protocol::ProtocolRange{*low, *high};
}

Result<std::vector<std::string>> parse_hosts(std::string_view text) {
  std::vector<std::string> hosts;
  while (!trimmed(text).empty()) {
    const auto host = parse_host(take_item(text));
    if (!host) return wrong("holds something that is not a host name");
    hosts.push_back(*host);
  }
  return hosts;
}

Result<std::string> parse_base_path(std::string_view text) {
  constexpr std::string_view kMarks = "-._~/";
  const auto fits = [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kMarks.contains(c);
  };
  std::string path(text);
  if (!path.ends_with('/')) path += '/';
  if (!path.starts_with('/')) return fail(ErrorCode::kInvalid, "does not begin with a slash");
  if (!std::ranges::all_of(path, fits)) return fail(ErrorCode::kInvalid, "is no plain path");
  if (path.contains("//") || path.contains("/./") || path.contains("/../")) {
    return fail(ErrorCode::kInvalid, "has an empty or dotted part");
  }
  return path;
}

Result<std::vector<Network>> parse_networks(std::string_view text) {
  std::vector<Network> networks;
  while (!trimmed(text).empty()) {
    const auto network = Network::parse(take_item(text));
    if (!network) return wrong("holds something that is neither an address nor a network");
    networks.push_back(*network);
  }
  return networks;
}

Result<std::string> parse_fingerprint(std::string_view text) {
  std::string digits = lowered(text);
  if (digits.starts_with("sha256:")) digits.erase(0, 7);
  std::erase(digits, ':');
  const auto bytes = from_hex(digits);
  if (!bytes || bytes->size() != 32) return wrong("is not a SHA-256 fingerprint");
  return digits;
}

Result<std::string> parse_gateway_name(std::string_view text) {
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyz0123456789._-";
  if (text.empty() || text.size() > 64) return wrong("is not 1 to 64 characters long");
  if (text.find_first_not_of(kAllowed) != std::string_view::npos) {
    return wrong("holds other characters");
  }
  return std::string(text);
}

Result<std::filesystem::path> parse_database_url(std::string_view text) {
  if (text.starts_with("postgresql:") || text.starts_with("postgres:")) {
    return wrong("asks for PostgreSQL, which this release does not have yet");
  }
  constexpr std::string_view kScheme = "sqlite:";
  if (!text.starts_with(kScheme)) return wrong("does not begin with sqlite:");
  const auto path = text.substr(kScheme.size());
  if (path.empty() || path.ends_with('/')) return wrong("names no file");
  if (path.starts_with(':') || path.starts_with("file:")) return wrong("is not a path");
  // Of a URL with two slashes, what follows them is a host; only with a third a path begins.
  if (path.starts_with("//") && !path.starts_with("///")) {
    return wrong("has a host where the path should be");
  }
  if (path.find_first_of("?#") != std::string_view::npos) {
    return wrong("has options behind the path, and there are none");
  }
  return std::filesystem::path(path);
}

}  // namespace cc::app
