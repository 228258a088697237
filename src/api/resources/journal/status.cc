#include "api/resources/journal/status.h"

#include "api/resources/journal/unreadable.h"
#include "base/json_writer.h"

namespace cc::api {
namespace {

std::uint64_t count_entries(const journal::Position& position) {
  return position.oldest == 0 ? 0 : position.head + 1 - position.oldest;
}

/// When the oldest entry that can be read was committed; empty where there is none.
Result<std::optional<TimeMs>> oldest_at(store::JournalReader& journal,
                                        const journal::Position& position) {
  if (count_entries(position) == 0) return std::nullopt;
  const auto page = journal.read_after(position.oldest - 1, 1, 0);
  if (!page) return std::unexpected(page.error());
  if (page->entries.empty()) return std::nullopt;
  return page->entries.front().at;
}

}  // namespace

Answer StatusResource::show(const Call& call) const {
  if (const auto fault = find_parameter_fault(call.query, {})) return problem(*fault);
  return InPieces{
      [this](store::JournalReader& journal) { return std::optional(response(journal)); }};
}

Response StatusResource::response(store::JournalReader& journal) const {
  const auto position = parts_.store.position();
  const auto oldest = oldest_at(journal, position);
  if (!oldest) return journal_unreadable(parts_.log, oldest.error());
  const std::uint64_t entries = count_entries(position);
  std::string body;
  JsonWriter out(body);
  out.begin_object()
      .field("version", about_.version)
      .field("startedAt", about_.started_at)
      .field("database", about_.database)
      .field("readers", static_cast<std::uint64_t>(parts_.readers()));
  out.key("journal")
      .begin_object()
      .field("entries", entries)
      .field("oldestAt", *oldest)
      .field("newestAt", entries > 0 ? std::optional(position.last_at) : std::nullopt)
      .field("retentionMs", static_cast<std::int64_t>(about_.retention.count()))
      .field("aheadMs", std::int64_t{parts_.dated_ahead ? parts_.dated_ahead().count() : 0})
      .end_object()
      .end_object();
  return json_response(std::move(body));
}

}  // namespace cc::api
