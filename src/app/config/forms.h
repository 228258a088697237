#pragma once
// Parses values: durations, sizes, addresses, URLs. Pure. An error only says what is wrong with the
// value ("has no port"); the caller adds the key and the accepted form.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "app/config/config.h"
#include "base/result.h"

namespace cc::app {

/// `500ms`, `5s`, `2m`, `1h`, `7d`: a whole number and a unit, at most ten years.
[[nodiscard]] Result<Millis> parse_duration(std::string_view text);
/// `2GiB`, `512MiB`, `64KiB`, `1TiB`, or a plain number of bytes.
[[nodiscard]] Result<std::uint64_t> parse_size(std::string_view text);
/// `HOST:PORT`, with an IPv6 address in brackets. Port 0 lets the system choose.
[[nodiscard]] Result<ListenAddress> parse_listen(std::string_view text);
/// `3-4` or `4`, within what this program speaks.
[[nodiscard]] Result<gateway::protocol::ProtocolRange> parse_protocols(std::string_view text);
/// Host names or address literals without ports, separated by commas; lower-cased.
[[nodiscard]] Result<std::vector<std::string>> parse_hosts(std::string_view text);
/// `/`, `/fleet` or `/fleet/`; gives it with a slash at both ends.
[[nodiscard]] Result<std::string> parse_base_path(std::string_view text);
/// Addresses and networks (`10.0.0.0/8`), separated by commas.
[[nodiscard]] Result<std::vector<Network>> parse_networks(std::string_view text);
/// SHA-256 as 64 hex digits, with or without colons and a leading `sha256:`; gives them bare, in
/// lower case.
[[nodiscard]] Result<std::string> parse_fingerprint(std::string_view text);
/// `[a-z0-9._-]{1,64}`
[[nodiscard]] Result<std::string> parse_gateway_name(std::string_view text);
/// `sqlite:PATH`; gives the path. The text can hold a password, so the error never repeats it.
[[nodiscard]] Result<std::filesystem::path> parse_database_url(std::string_view text);

}  // namespace cc::app
