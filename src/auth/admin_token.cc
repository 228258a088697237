#include "auth/auth.h"
#include "auth/credential.h"
#include "base/invisible.h"
#include "files/private_file.h"

namespace cc::auth {
namespace {

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
  const auto text = without_blanks_around(**content);
  if (const auto name = first_invisible(text)) {
    return fail(ErrorCode::kInvalid, file.string() + " holds a character that cannot be seen (" +
                                         *name +
                                         "); remove it and a new token is made at the "
                                         "next start");
  }
  Secret token{std::string(text)};
  if (token.size() < Auth::kMinAdminToken) {
    return fail(ErrorCode::kInvalid,
                file.string() +
                    " holds fewer than 16 characters; remove it and a new token "
                    "is made at the next start");
  }
  return token;
}

}  // namespace cc::auth
