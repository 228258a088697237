#include <array>

#include "api/query/list_query.h"
#include "api/routes/table.h"
#include "base/json_writer.h"
#include "stream/start.h"

namespace cc::api::routes {
namespace {

constexpr std::size_t kMaxPageBytes = 1U << 20U;
constexpr std::string_view kFromTheOldest = "0";

Response refused(const stream::Refusal& refusal) {
  const std::string cursor = refusal.cursor.text();
  return problem(410,
                 "The journal cannot be read from that cursor. Load /api/v1/fleet, and go on from "
                 "its cursor.",
                 {{"reason", refusal.reason}, {"cursor", cursor}});
}

Response no_journal(Services& services, const Error& error) {
  services.journal.reset();
  services.log.warn("the journal cannot be read", {{"error", error.message}});
  return problem(503, "The journal cannot be read at the moment.");
}

Response page_response(const store::JournalPage& page, Seq after) {
  const std::string& epoch = page.position.epoch.text();
  std::string body = R"({"events":[)";
  for (const auto& entry : page.entries) {
    if (&entry != &page.entries.front()) body += ',';
    fleet::append_entry_json(body, entry, epoch);
  }
  const Seq last = page.entries.empty() ? after : page.entries.back().seq;
  body.append(R"(],"cursor":")").append(Cursor{page.position.epoch, last}.text()).append("\"}");
  return json_response(std::move(body));
}

std::expected<std::size_t, ParameterFault> limit_of(const Parameters& query) {
  const auto limit = find_parameter(query, "limit");
  return limit ? parse_limit(*limit) : kDefaultLimit;
}

Result<store::JournalPage> read_page(Services& services, Seq after, std::size_t limit) {
  if (!services.journal) {
    auto reader = services.store.open_reader();
    if (!reader) return std::unexpected(reader.error());
    services.journal = *std::move(reader);
  }
  return services.journal->read_after(after, limit, kMaxPageBytes);
}

Response page(Services& services, const Call& call) {
  if (auto fault = find_parameter_fault(call.query, {"after", "limit"})) return *std::move(fault);
  const auto limit = limit_of(call.query);
  if (!limit) return parameter_problem(limit.error().parameter, limit.error().detail);
  const auto asked = find_parameter(call.query, "after").value_or("");
  const auto start = stream::start_from(std::nullopt, asked.empty() ? kFromTheOldest : asked);
  const auto after = stream::resolve(start, services.store.position());
  if (!after) return refused(after.error());
  const auto read = read_page(services, *after, *limit);
  if (!read) return no_journal(services, read.error());
  // Retention may have moved on since the position was asked for; the page tells where it stood.
  const auto still = stream::resolve(start, read->position);
  if (!still) return refused(still.error());
  return page_response(*read, *after);
}

constexpr std::array kRoutes{Route{Method::kGet, "/api/v1/events", kViewer, page}};

}  // namespace

std::span<const Route> events() {
  return kRoutes;
}

}  // namespace cc::api::routes
