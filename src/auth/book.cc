#include "auth/book.h"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "auth/credential.h"
#include "base/json_writer.h"

namespace cc::auth {
namespace {

namespace json = boost::json;

constexpr std::int64_t kVersion = 1;
constexpr std::size_t kDigestLength = 64;

/// Reads members; the first that is not what it should be is remembered, and everything after it is
/// void.
class Reader {
 public:
  std::string text(const json::object& from, std::string_view name) {
    const auto* value = from.if_contains(name);
    if (value != nullptr && value->is_string()) return std::string(value->get_string());
    return wrong(name), std::string();
  }
  std::string digest(const json::object& from, std::string_view name) {
    auto found = text(from, name);
    if (found.size() != kDigestLength) wrong(name);
    return found;
  }
  std::int64_t number(const json::object& from, std::string_view name) {
    const auto* value = from.if_contains(name);
    if (value != nullptr && value->is_int64()) return value->get_int64();
    return wrong(name), 0;
  }
  /// Absent in what an earlier release wrote.
  std::int64_t number_or(const json::object& from, std::string_view name, std::int64_t absent) {
    return from.contains(name) ? number(from, name) : absent;
  }
  /// Absent in what an earlier release wrote.
  std::optional<TimeMs> number_if_there(const json::object& from, std::string_view name) {
    return from.contains(name) ? maybe_number(from, name) : std::nullopt;
  }
  std::optional<TimeMs> maybe_number(const json::object& from, std::string_view name) {
    const auto* value = from.if_contains(name);
    if (value != nullptr && value->is_null()) return std::nullopt;
    return number(from, name);
  }
  Role role(const json::object& from, std::string_view name) {
    const auto found = parse_role(text(from, name));
    if (!found) wrong(name);
    return found.value_or(Role::kViewer);
  }
  /// `take` sees every object of a list.
  template <class Take>
  void list(const json::object& from, std::string_view name, Take take) {
    const auto* value = from.if_contains(name);
    if (value == nullptr || !value->is_array()) return wrong(name);
    for (const auto& item : value->get_array()) {
      if (!item.is_object()) return wrong(name);
      take(item.get_object());
    }
  }

  [[nodiscard]] const std::string& what_is_wrong() const { return wrong_; }

 private:
  void wrong(std::string_view name) {
    if (wrong_.empty()) wrong_ = name;
  }
  std::string wrong_;
};

void read_token(Reader& in, const json::object& from, Book& book) {
  TokenRecord token{.info = {.id = {},
                             .name = in.text(from, "name"),
                             .role = in.role(from, "role"),
                             .created_at = in.number(from, "createdAt"),
                             .expires_at = in.maybe_number(from, "expiresAt"),
                             .used_at = in.number_if_there(from, "usedAt")},
                    .digest = in.digest(from, "digest"),
                    .role_edition = static_cast<int>(in.number_or(from, "roleEdition", 1))};
  token.info.id = token.digest.substr(0, kIdLength);
  book.tokens.insert_or_assign(token.info.id, std::move(token));
}

void read_sign_in(Reader& in, const json::object& from, Book& book) {
  SignInRecord record{.digest = in.digest(from, "digest"),
                      .token = in.text(from, "token"),
                      .created_at = in.number(from, "createdAt"),
                      .used_at = in.number(from, "usedAt"),
                      .expires_at = in.number(from, "expiresAt")};
  auto id = record.digest.substr(0, kIdLength);
  book.sign_ins.insert_or_assign(std::move(id), std::move(record));
}

void write_token(JsonWriter& out, const TokenRecord& token) {
  out.begin_object()
      .field("name", token.info.name)
      .field("role", text(token.info.role))
      .field("roleEdition", token.role_edition)
      .field("createdAt", token.info.created_at)
      .field("expiresAt", token.info.expires_at)
      .field("usedAt", token.info.used_at)
      .field("digest", token.digest)
      .end_object();
}

void write_sign_in(JsonWriter& out, const SignInRecord& record) {
  out.begin_object()
      .field("digest", record.digest)
      .field("token", record.token)
      .field("createdAt", record.created_at)
      .field("usedAt", record.used_at)
      .field("expiresAt", record.expires_at)
      .end_object();
}

}  // namespace

std::string to_json(const Book& book) {
  std::string text;
  JsonWriter out(text);
  out.begin_object()
      .field("version", kVersion)
      .field("adminSalt", book.admin_salt)
      .field("adminPrint", book.admin_print);
  out.key("tokens").begin_array();
  for (const auto& [id, token] : book.tokens) write_token(out, token);
  out.end_array().key("sessions").begin_array();
  for (const auto& [id, record] : book.sign_ins) write_sign_in(out, record);
  out.end_array().end_object();
  text.push_back('\n');
  return text;
}

Result<Book> book_from_json(std::string_view text) {
  boost::system::error_code error;
  const auto value = json::parse(json::string_view(text.data(), text.size()), error);
  if (error || !value.is_object()) return fail(ErrorCode::kCorrupt, "it is not a JSON object");
  const auto& object = value.get_object();
  Reader in;
  const auto version = in.number(object, "version");
  if (version > kVersion) return fail(ErrorCode::kNewerSchema, "a newer release wrote it");
  Book book;
  book.admin_salt = in.text(object, "adminSalt");
  book.admin_print = in.text(object, "adminPrint");
  in.list(object, "tokens", [&](const json::object& from) { read_token(in, from, book); });
  in.list(object, "sessions", [&](const json::object& from) { read_sign_in(in, from, book); });
  if (!in.what_is_wrong().empty()) {
    return fail(ErrorCode::kCorrupt, "`" + in.what_is_wrong() + "` is not what it should be");
  }
  return book;
}

}  // namespace cc::auth
