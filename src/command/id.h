#pragma once
// Names of commands, and digests of what was said.

#include <string>
#include <string_view>

#include "base/clock.h"

namespace cc::command {

inline constexpr std::size_t kIdLength = 26;

/// 26 of [0-9a-z] that nobody else draws; later ones sort behind earlier ones.
[[nodiscard]] std::string draw_id(TimeMs now);
/// Whether it has the form of one.
[[nodiscard]] bool is_id(std::string_view text);

/// SHA-256 in lower-case hexadecimal.
[[nodiscard]] std::string sha256(std::string_view text);

}  // namespace cc::command
