#include "api/resources/journal/backup.h"

#include "base/encoding.h"
#include "base/random.h"

namespace cc::api {
namespace {

std::string random_name() {
  return "backup-" + to_hex(random_bytes<12>()) + ".db";
}

/// Unlinks the file at once and keeps it open, so that nothing is left behind.
Response send_copy(const std::filesystem::path& copy) {
  FileBody body{std::make_shared<std::ifstream>(copy, std::ios::binary), 0};
  std::error_code unknown_size;
  body.size = std::filesystem::file_size(copy, unknown_size);
  std::error_code not_removed;
  std::filesystem::remove(copy, not_removed);
  if (!body.file->is_open() || unknown_size) return problem(503, "The copy cannot be read.");
  Response response{.status = 200, .headers = {}, .body = std::move(body)};
  return std::move(response.with("Content-Type", "application/octet-stream")
                       .with("Content-Disposition", "attachment; filename=\"control-center.db\""));
}

Response refused(const Error& error) {
  return problem(503, "The database could not be copied: " + error.message);
}

}  // namespace

Answer BackupResource::make(const Call& call) const {
  parts_.log.info("backup asked for", {{"by", call.identity->name}});
  parts_.audit.record(call.request,
                      {.event = auth::AuditEvent::kBackup, .who = call.identity->name});
  const auto copy = parts_.scratch / random_name();
  return Later{[back_up = parts_.back_up, copy](std::function<void(Response)> done) {
    back_up(copy, [copy, done = std::move(done)](Result<void> made) {
      done(made ? send_copy(copy) : refused(made.error()));
    });
  }};
}

}  // namespace cc::api
