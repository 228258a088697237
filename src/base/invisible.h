#pragma once
// What people type or copy without seeing it: blanks around a value, and characters that nothing
// shows. Only for values that operators give; what gateways say goes through text.h.

#include <optional>
#include <string>
#include <string_view>

namespace cc {

/// Without spaces, tabs and line ends around it.
[[nodiscard]] std::string_view without_blanks_around(std::string_view text);

/// The first character that cannot be seen, as people write it: `U+00A0`, or `byte FF` where it is
/// not UTF-8. Control characters count, and blanks other than the space. Empty: all can be seen.
[[nodiscard]] std::optional<std::string> first_invisible(std::string_view text);

/// A copy on one line with `<U+00A0>` in the place of each of them, cut at about `limit` bytes.
[[nodiscard]] std::string show_invisible(std::string_view text, std::size_t limit);

}  // namespace cc
