#pragma once
// What is answered while the journal cannot be read.

#include "api/http/response.h"
#include "base/result.h"
#include "telemetry/log.h"

namespace cc::api {

/// A 503; the log says why.
[[nodiscard]] Response journal_unreadable(telemetry::Log& log, const Error& error);

}  // namespace cc::api
