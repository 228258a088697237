#pragma once
// The server's own reader of the journal, shared by the routes that read it.

#include "api/http/response.h"
#include "api/services.h"

namespace cc::api {

/// Opened when first needed.
[[nodiscard]] Result<store::JournalReader*> journal_of(Services& services);

/// A 503, and a new reader for whoever comes next.
[[nodiscard]] Response journal_unreadable(Services& services, const Error& error);

}  // namespace cc::api
