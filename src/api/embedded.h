#pragma once
// Files that are part of the program: embed.cmake turns each into an array of bytes.

#include <span>
#include <string_view>

namespace cc::api {

struct EmbeddedFile {
  std::string_view name;  // its path below this folder
  std::string_view bytes;
};

[[nodiscard]] std::span<const EmbeddedFile> embedded_files();

/// Empty where there is no such file.
[[nodiscard]] std::string_view embedded_file(std::string_view name);

}  // namespace cc::api
