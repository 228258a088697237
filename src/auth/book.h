#pragma once
// Everything that is kept of tokens and sign-ins, and its form in the file.

#include <map>
#include <string>
#include <string_view>

#include "auth/auth.h"
#include "base/result.h"

namespace cc::auth {

struct TokenRecord {
  TokenInfo info;  // with the role that it was made with
  std::string digest;
  int role_edition = kRoleEdition;  // that it was made in
};

struct SignInRecord {
  std::string digest;
  std::string token;  // the id of the token that it was signed in with; empty: the admin token
  TimeMs created_at = 0;
  TimeMs used_at = 0;
  TimeMs expires_at = 0;
};

/// Keys are ids: the beginning of the record's digest.
struct Book {
  std::string admin_salt;
  std::string admin_print;  // of the admin token that the sign-ins without a token belong to
  std::map<std::string, TokenRecord, std::less<>> tokens;
  std::map<std::string, SignInRecord, std::less<>> sign_ins;
};

[[nodiscard]] std::string to_json(const Book& book);
/// kCorrupt: it is not what `to_json` writes; the message says where. kNewerSchema: a newer release
/// wrote it.
[[nodiscard]] Result<Book> book_from_json(std::string_view json);

}  // namespace cc::auth
