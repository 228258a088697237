#include "app/config/secret_source.h"

#include <fmt/format.h>

#include "base/invisible.h"

namespace cc::app {
namespace {

constexpr std::size_t kMaxSecretBytes = 4096;

std::unexpected<Error> wrong(const std::string& key, const std::filesystem::path& file,
                             std::string_view why) {
  return fail(ErrorCode::kInvalid, fmt::format("{}: {} {}", key, file.string(), why));
}

Result<Secret> read_file(const std::string& key, const std::filesystem::path& file,
                         files::Exposure exposure) {
  const auto content = files::read_private(
      file, {.max_bytes = kMaxSecretBytes, .links = files::Links::kFollow, .exposure = exposure});
  if (!content) return fail(content.error().code, key + ": " + content.error().message);
  if (!*content) {
    return fail(ErrorCode::kUnavailable,
                fmt::format("{}: cannot read {}: No such file or directory", key, file.string()));
  }
  const auto text = without_blanks_around(**content);
  if (text.empty()) return wrong(key, file, "is empty");
  if (text.find('\n') != std::string_view::npos) {
    return wrong(key, file, "holds more than one line");
  }
  if (const auto name = first_invisible(text)) {
    return wrong(key, file, fmt::format("holds a character that cannot be seen ({})", *name));
  }
  return Secret(std::string(text));
}

}  // namespace

SecretSource SecretSource::from_value(std::string key, Secret value) {
  SecretSource source;
  source.key_ = std::move(key);
  source.value_ = std::move(value);
  return source;
}

SecretSource SecretSource::from_file(std::string key, std::filesystem::path file) {
  SecretSource source;
  source.key_ = std::move(key);
  source.file_ = std::move(file);
  return source;
}

Result<Secret> SecretSource::read() const {
  if (is_file()) return read_file(key_, file_, exposure_);
  return value_;
}

}  // namespace cc::app
