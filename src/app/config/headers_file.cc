#include "app/config/headers_file.h"

#include <fmt/format.h>

#include "files/private_file.h"

namespace cc::app {
namespace {

constexpr std::size_t kMostBytes = std::size_t{16} * 1024;

std::unexpected<Error> trouble(const NamedFile& file, ErrorCode code, std::string_view why) {
  return fail(code, fmt::format("{}: {}: {}", file.key, file.path.string(), why));
}

}  // namespace

Result<ExtraHeaders> read_headers_file(const NamedFile& file, files::Exposure exposure) {
  if (!file.given()) return ExtraHeaders();
  const auto content = files::read_private(
      file.path, {.max_bytes = kMostBytes, .links = files::Links::kFollow, .exposure = exposure});
  if (!content) return fail(content.error().code, file.key + ": " + content.error().message);
  if (!*content) return trouble(file, ErrorCode::kUnavailable, "No such file or directory");
  auto headers = parse_extra_headers(**content);
  if (!headers) return trouble(file, headers.error().code, headers.error().message);
  return headers;
}

}  // namespace cc::app
