#include "api/routes/journal.h"

namespace cc::api {

Result<store::JournalReader*> journal_of(Services& services) {
  if (!services.journal) {
    auto reader = services.store.open_reader();
    if (!reader) return std::unexpected(reader.error());
    services.journal = *std::move(reader);
  }
  return services.journal.get();
}

Response journal_unreadable(Services& services, const Error& error) {
  services.journal.reset();
  services.log.warn("the journal cannot be read", {{"error", error.message}});
  return problem(503, "The journal cannot be read at the moment.");
}

}  // namespace cc::api
