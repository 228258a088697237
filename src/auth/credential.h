#pragma once
// Makes credentials, and what is stored of them.

#include <string>
#include <string_view>

#include "base/secret.h"

namespace cc::auth {

inline constexpr std::string_view kAdminPrefix = "cca_";  // for the operator, where none was chosen
inline constexpr std::string_view kTokenPrefix = "cct_";  // for programs
inline constexpr std::string_view kCookiePrefix = "ccs_";  // for browsers

/// 32 random bytes as base64url, with a prefix by which people and scanners recognize it.
[[nodiscard]] Secret draw_credential(std::string_view prefix);

/// SHA-256 as hex. Fit for what `draw_credential` made and nothing else: 256 random bits cannot be
/// guessed, so a slow hash would add nothing but load to every request.
[[nodiscard]] std::string digest(std::string_view credential);

/// What is kept of an admin token, as hex. One that was drawn here is known by its form and costs
/// what `digest` does; one that a person may have chosen goes through scrypt, so that guessing from
/// the fingerprint is slow.
[[nodiscard]] std::string fingerprint(const Secret& admin_token, std::string_view salt);
/// As hex.
[[nodiscard]] std::string draw_salt();

/// How a record is named: the first 64 bits of its digest, which say nothing of the credential.
inline constexpr std::size_t kIdLength = 16;

}  // namespace cc::auth
