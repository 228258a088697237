#include "app/config/secret_source.h"

#include <fmt/format.h>

#include "base/text.h"
#include "files/private_file.h"

namespace cc::app {
namespace {

constexpr std::size_t kMaxSecretBytes = 4096;

std::string trimmed_secret(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const auto first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(kBlank) - first + 1));
}

std::unexpected<Error> wrong(const std::string& key, const std::filesystem::path& file,
                             std::string_view why) {
  return fail(ErrorCode::kInvalid, fmt::format("{}: {} {}", key, file.string(), why));
}

Result<Secret> read_file(const std::string& key, const std::filesystem::path& file) {
  const auto content =
      files::read_private(file, {.max_bytes = kMaxSecretBytes, .links = files::Links::kFollow});
  if (!content) return fail(content.error().code, key + ": " + content.error().message);
  if (!*content) {
    return fail(ErrorCode::kUnavailable,
                fmt::format("{}: cannot read {}: No such file or directory", key, file.string()));
  }
  auto text = trimmed_secret(**content);
  if (text.empty()) return wrong(key, file, "is empty");
  if (clean_text(text) != text) return wrong(key, file, "holds more than one line or is not text");
  return Secret(std::move(text));
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
  if (is_file()) return read_file(key_, file_);
  return value_;
}

}  // namespace cc::app
