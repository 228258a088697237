#pragma once
// A copy of the database, made while everything goes on, and sent to an admin.

#include <filesystem>
#include <functional>

#include "api/resources/access/request_audit.h"
#include "api/routes/call.h"
#include "base/result.h"
#include "telemetry/log.h"

namespace cc::api {

class BackupResource {
 public:
  struct Parts {
    /// Makes a copy of the database at the path, and calls back once, on any thread.
    std::function<void(std::filesystem::path, std::function<void(Result<void>)>)> back_up;
    std::filesystem::path scratch;  // where that copy may stand until it is sent
    RequestAudit audit;
    telemetry::Log& log;
  };
  explicit BackupResource(Parts parts) : parts_(std::move(parts)) {}

  [[nodiscard]] Answer make(const Call& call) const;

 private:
  Parts parts_;
};

}  // namespace cc::api
