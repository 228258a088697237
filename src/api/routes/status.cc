// What runs here, and how much of the journal there is.

#include <array>

#include "api/routes/journal.h"
#include "api/routes/table.h"
#include "base/json_writer.h"

namespace cc::api::routes {
namespace {

/// When the oldest entry that can be read was committed; empty where there is none.
Result<std::optional<TimeMs>> oldest_at(Services& services, const store::Position& position) {
  auto reader = journal_of(services);
  if (!reader) return std::unexpected(reader.error());
  const auto page = (*reader)->read_after(position.oldest - 1, 1, 0);
  if (!page) return std::unexpected(page.error());
  if (page->entries.empty()) return std::nullopt;
  return page->entries.front().at;
}

Response show(Services& services, const Call& call) {
  if (auto fault = find_parameter_fault(call.query, {})) return *std::move(fault);
  const auto position = services.store.position();
  const auto oldest = oldest_at(services, position);
  if (!oldest) return journal_unreadable(services, oldest.error());
  const std::uint64_t entries = position.head + 1 - position.oldest;
  std::string body;
  JsonWriter out(body);
  out.begin_object()
      .field("version", services.about.version)
      .field("startedAt", services.started_at)
      .field("database", services.about.database)
      .field("readers", static_cast<std::uint64_t>(services.readers()));
  out.key("journal")
      .begin_object()
      .field("entries", entries)
      .field("oldestAt", *oldest)
      .field("newestAt", entries > 0 ? std::optional(position.last_at) : std::nullopt)
      .field("retentionMs", static_cast<std::int64_t>(services.about.retention.count()))
      .end_object()
      .end_object();
  return json_response(std::move(body));
}

constexpr std::array kRoutes{Route{Method::kGet, "/api/v1/status", kViewer, show}};

}  // namespace

std::span<const Route> status() {
  return kRoutes;
}

}  // namespace cc::api::routes
