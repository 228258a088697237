#include "app/wiring/build_api.h"

#include <algorithm>

#include "base/date.h"

namespace cc::app {

Result<Secret> admin_token(const Config& config, const DataDir& data) {
  if (!config.admin_token.given()) return auth::load_or_create_admin_token(data.admin_token());
  auto token = config.admin_token.read();
  if (token && token->size() < 16) {
    return fail(ErrorCode::kInvalid,
                config.admin_token.key() + ": is too short; use at least 16 characters");
  }
  return token;
}

std::string clock_detail(Millis dated_ahead) {
  if (dated_ahead == Millis(0)) return {};
  return "new entries are dated " + duration_text(dated_ahead) +
         " ahead, since the clock was wrong when the newest was written; this passes by itself, or "
         "move the database away to begin anew";
}

std::vector<api::PartState> part_states(const ingest::Ingest& ingest,
                                        const fleet::PublishedFleet& published) {
  const bool works = ingest.storage_works();
  std::vector<api::PartState> parts{{"database", works, works ? "" : "the last transaction failed"},
                                    {"clock", true, clock_detail(ingest.dated_ahead())}};
  published.read([&](const fleet::Fleet& fleet, const Cursor&) {
    fleet.each_gateway([&](const fleet::Gateway& gateway) {
      auto detail = std::string(fleet::text(gateway.state));
      if (gateway.detail) detail += ": " + *gateway.detail;
      parts.push_back({"gateway:" + gateway.name, true, std::move(detail)});
    });
  });
  return parts;
}

std::optional<std::string> token_file(const Config& config, const DataDir& data) {
  if (!config.admin_token.given()) return data.admin_token().string();
  if (config.admin_token.is_file()) return config.admin_token.file().string();
  return std::nullopt;
}

api::TlsFiles tls_files(const Config& config) {
  return {.certificate = {config.tls_certificate.key, config.tls_certificate.path},
          .key = {config.tls_key.key, config.tls_key.path, config.secret_files}};
}

api::ServerOptions server_options(const Config& config, std::size_t open_files) {
  // A connection is a file; the database, the gateways and the log need some too.
  constexpr std::size_t kOwnFiles = 64;
  const std::size_t each = config.tls_certificate.given() ? api::kDescriptorsOverTls : 1;
  api::ServerOptions options;
  options.host = config.listen.host;
  options.port = config.listen.port;
  const auto files = std::max(open_files, 2 * kOwnFiles) - kOwnFiles;
  options.limits.connections = std::min(options.limits.connections, files / each);
  return options;
}

}  // namespace cc::app
