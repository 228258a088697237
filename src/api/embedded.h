#pragma once
// Files that are part of the program (embed.cmake): the OpenAPI document, `page/` (what stands in
// for the dashboard), and `web/` (the dashboard, where it was built, each file with its compressed
// variants `.br` and `.gz` beside it where those are smaller).

#include <span>
#include <string_view>

namespace cc::api {

struct EmbeddedFile {
  std::string_view name;
  std::string_view bytes;
  std::string_view tag;  // names the content: another one for other bytes
};

[[nodiscard]] std::span<const EmbeddedFile> embedded_files();

/// Empty where there is no such file.
[[nodiscard]] std::string_view embedded_file(std::string_view name);

}  // namespace cc::api
