#include <ostream>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <simdjson.h>

#include "app/cli/commands.h"
#include "app/cli/local_data.h"
#include "app/wiring/start_steps.h"
#include "auth/audit.h"
#include "base/date.h"
#include "base/invisible.h"
#include "base/json_writer.h"
#include "base/text.h"

namespace cc::app {
namespace {

namespace json = simdjson::dom;

/// What the three commands do with tokens, wherever these are.
class TokenKeeper {
 public:
  virtual ~TokenKeeper() = default;
  virtual Result<auth::Auth::NewToken> create(const TokenArguments& arguments) = 0;
  virtual Result<std::vector<auth::TokenInfo>> list() = 0;
  virtual Result<void> revoke(const std::string& id) = 0;
};

std::string text_member(json::element row, std::string_view name) {
  std::string_view text;
  return row[name].get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

std::optional<TimeMs> time_member(json::element row, std::string_view name) {
  std::int64_t time = 0;
  if (row[name].get(time) != simdjson::SUCCESS) return std::nullopt;
  return time;
}

auth::TokenInfo token_info(json::element row) {
  return {text_member(row, "id"),
          text_member(row, "name"),
          auth::parse_role(text_member(row, "role")).value_or(auth::Role::kViewer),
          time_member(row, "createdAt").value_or(0),
          time_member(row, "expiresAt"),
          time_member(row, "usedAt")};
}

/// Through the server that runs.
class ServedTokens final : public TokenKeeper {
 public:
  explicit ServedTokens(ApiClient client) : client_(std::move(client)) {}

  Result<auth::Auth::NewToken> create(const TokenArguments& arguments) override {
    std::string body;
    JsonWriter out(body);
    out.begin_object().field("name", arguments.name).field("role", arguments.role);
    if (arguments.lifetime) out.field("expiresIn", std::int64_t{arguments.lifetime->count()});
    out.end_object();
    auto row = ask({.method = "POST", .target = kTokens, .body = std::move(body)});
    if (!row) return std::unexpected(row.error());
    return auth::Auth::NewToken{token_info(*row), Secret(text_member(*row, "token"))};
  }

  Result<std::vector<auth::TokenInfo>> list() override {
    auto root = ask({.target = kTokens});
    if (!root) return std::unexpected(root.error());
    std::vector<auth::TokenInfo> tokens;
    json::array items;
    if ((*root)["items"].get(items) != simdjson::SUCCESS) return unreadable();
    for (const auto row : items) tokens.push_back(token_info(row));
    return tokens;
  }

  Result<void> revoke(const std::string& id) override {
    const auto answer = client_.send(
        {.method = "DELETE", .target = fmt::format("{}/{}", kTokens, percent_encoded(id))});
    if (!answer) return std::unexpected(answer.error());
    if (!answer->ok()) return fail(ErrorCode::kRefused, answer->problem());
    return {};
  }

 private:
  static constexpr const char* kTokens = "/api/v1/tokens";

  static std::unexpected<Error> unreadable() {
    return fail(ErrorCode::kInvalid, "the server's answer is not understood");
  }

  // The element lives until the next call.
  Result<json::element> ask(const ApiRequest& request) {
    const auto answer = client_.send(request);
    if (!answer) return std::unexpected(answer.error());
    if (!answer->ok()) return fail(ErrorCode::kRefused, answer->problem());
    json::element root;
    if (parser_.parse(answer->body).get(root) != simdjson::SUCCESS) return unreadable();
    return root;
  }

  ApiClient client_;
  json::parser parser_;
};

/// Directly in the data directory, while no server runs.
class StoredTokens final : public TokenKeeper {
 public:
  StoredTokens(DataDir data, std::unique_ptr<auth::Auth> auth, std::unique_ptr<auth::Audit> audit)
      : data_(std::move(data)), auth_(std::move(auth)), audit_(std::move(audit)) {}

  Result<auth::Auth::NewToken> create(const TokenArguments& arguments) override {
    if (arguments.name.size() > 64 || !is_identity(arguments.name)) {
      return fail(ErrorCode::kInvalid, "the name must be 1 to 64 bytes of text");
    }
    const auto role = auth::parse_role(arguments.role).value_or(auth::Role::kViewer);
    auto made = auth_->create_token(arguments.name, role, arguments.lifetime);
    if (!made) return made;
    auto told = write_down(auth::AuditEvent::kTokenCreate, made->info.id + " " + made->info.name);
    if (!told) return std::unexpected(told.error());
    return made;
  }
  Result<std::vector<auth::TokenInfo>> list() override { return auth_->list_tokens(); }
  Result<void> revoke(const std::string& id) override {
    auto revoked = auth_->revoke_token(id);
    return revoked ? write_down(auth::AuditEvent::kTokenRevoke, id) : revoked;
  }

 private:
  // A user who may write to the data directory counts as an admin.
  Result<void> write_down(auth::AuditEvent event, std::string subject) {
    return audit_->record({.event = event, .who = "admin", .subject = std::move(subject)});
  }

  DataDir data_;
  std::unique_ptr<auth::Auth> auth_;
  std::unique_ptr<auth::Audit> audit_;
};

Result<std::unique_ptr<TokenKeeper>> open_keeper(const Config& config, const Clock& clock) {
  auto opened = open_local_data(config);
  if (!opened) return std::unexpected(opened.error());
  if (auto* client = std::get_if<ApiClient>(&*opened)) {
    return std::make_unique<ServedTokens>(std::move(*client));
  }
  auto& data = std::get<DataDir>(*opened);
  auto auth = start_auth(config, data, clock, Intent::kServe);
  if (!auth) return fail(ErrorCode::kUnavailable, auth.error().line);
  auto audit = start_audit(data, clock, Intent::kServe);
  if (!audit) return fail(ErrorCode::kUnavailable, audit.error().line);
  return std::make_unique<StoredTokens>(std::move(data), std::move(*auth), std::move(*audit));
}

using Tokens = std::vector<auth::TokenInfo>;

/// Without a server nothing is made and nothing is locked: it is only looked at.
Result<Tokens> list_stored(const Config& config, const Clock& clock) {
  auto client = connect_to_server(config);
  if (client) return ServedTokens(std::move(*client)).list();
  if (client.error().code != ErrorCode::kNotFound) return std::unexpected(client.error());
  return auth::Auth::read_tokens(DataDir::tokens_in(config.data_dir), clock);
}

std::string minute_or(std::optional<TimeMs> at, std::string_view otherwise) {
  return at ? utc_minute(*at) : std::string(otherwise);
}

/// The token that `word` means: an id, else a name that only one of them has.
Result<std::string> find_token(const Tokens& tokens, const std::string& word) {
  std::vector<std::string> named;
  for (const auto& token : tokens) {
    if (token.id == word) return word;
    if (token.name == word) named.push_back(token.id);
  }
  const auto shown = show_invisible(word, 200);
  if (named.size() == 1) return named.front();
  if (named.empty()) {
    return fail(ErrorCode::kNotFound,
                fmt::format("no token has the id or the name \"{}\"; see control-center token list",
                            shown));
  }
  return fail(ErrorCode::kInvalid,
              fmt::format("{} tokens have the name \"{}\"; give the id of one: {}", named.size(),
                          shown, fmt::join(named, ", ")));
}

/// A secret that nobody saw must not stay good.
ExitCode take_back(TokenKeeper& keeper, const std::string& id, const Console& console) {
  if (keeper.revoke(id)) return console.end_undelivered("; the token was revoked");
  return console.end_undelivered("; nobody saw the token, so run: control-center token revoke " +
                                 id);
}

}  // namespace

ExitCode create_token(const Config& config, const TokenArguments& arguments,
                      const Console& console) {
  const SystemClock clock;
  auto keeper = open_keeper(config, clock);
  if (!keeper) return console.end(kExitProblem, keeper.error().message);
  const auto made = (*keeper)->create(arguments);
  if (!made) return console.end(kExitProblem, made.error().message);
  console.out << made->secret.reveal() << "\n";
  if (!console.delivered()) return take_back(**keeper, made->info.id, console);
  console.err << fmt::format("token {} ({}) for {}; it is shown this once\n", made->info.id,
                             auth::text(made->info.role), clean_text(made->info.name));
  return kExitClean;
}

ExitCode list_tokens(const Config& config, const Console& console) {
  const SystemClock clock;
  const auto tokens = list_stored(config, clock);
  if (!tokens) return console.end(kExitProblem, tokens.error().message);
  constexpr auto kRow = "{:<17} {:<9} {:<18} {:<18} {:<18} {}\n";
  console.out << fmt::format(kRow, "ID", "ROLE", "CREATED", "LAST USED", "EXPIRES", "NAME");
  for (const auto& token : *tokens) {
    console.out << fmt::format(kRow, clean_text(token.id), auth::text(token.role),
                               utc_minute(token.created_at), minute_or(token.used_at, "-"),
                               minute_or(token.expires_at, "never"), clean_text(token.name));
  }
  return kExitClean;
}

ExitCode revoke_token(const Config& config, const TokenArguments& arguments,
                      const Console& console) {
  const SystemClock clock;
  auto keeper = open_keeper(config, clock);
  if (!keeper) return console.end(kExitProblem, keeper.error().message);
  const auto tokens = (*keeper)->list();
  if (!tokens) return console.end(kExitProblem, tokens.error().message);
  const auto id = find_token(*tokens, arguments.id);
  if (!id) return console.end(kExitProblem, id.error().message);
  if (auto revoked = (*keeper)->revoke(*id); !revoked) {
    return console.end(kExitProblem, revoked.error().message);
  }
  console.err << fmt::format("token {} revoked\n", clean_text(arguments.id));
  return kExitClean;
}

}  // namespace cc::app
