#include "auth/auth.h"
#include "auth/credential.h"
#include "files/private_file.h"

namespace cc::auth {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

Result<Secret> create(const std::filesystem::path& file) {
  auto token = draw_credential(kAdminPrefix);
  if (auto written = files::replace_private(file, token.reveal() + "\n"); !written) {
    return std::unexpected(written.error());
  }
  return token;
}

}  // namespace

Result<Secret> load_or_create_admin_token(const std::filesystem::path& file) {
  const auto content = files::read_private(file);
  if (!content) return std::unexpected(content.error());
  if (!*content) return create(file);
  Secret token(trimmed(**content));
  if (token.size() < Auth::kMinAdminToken) {
    return fail(ErrorCode::kInvalid,
                file.string() +
                    " holds fewer than 16 characters; remove it and a new token "
                    "is made at the next start");
  }
  return token;
}

}  // namespace cc::auth
