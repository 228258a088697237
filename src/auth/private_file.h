#pragma once
// Files that nobody else may read, and that are replaced whole or not at all.

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace cc::auth {

/// The content; nullopt where there is no such file. kRefused: not a plain file, or others can read
/// or write it (the message says which command mends it). kTooLarge: over `max_bytes`.
/// kUnavailable: anything else the system says.
[[nodiscard]] Result<std::optional<std::string>> read_private_file(
    const std::filesystem::path& file, std::size_t max_bytes = 16U << 20U);

/// Mode 0600. Once it returns the content survives power loss; if it fails, or the machine does,
/// the file is what it was before. One caller at a time.
[[nodiscard]] Result<void> replace_private_file(const std::filesystem::path& file,
                                                std::string_view content);

}  // namespace cc::auth
