#pragma once
// base64url without padding (RFC 4648, section 5).

#include <optional>
#include <string>
#include <string_view>

namespace cc::api {

[[nodiscard]] std::string to_base64url(std::string_view bytes);
/// Exactly what `to_base64url` makes; anything else is nullopt.
[[nodiscard]] std::optional<std::string> from_base64url(std::string_view text);

}  // namespace cc::api
