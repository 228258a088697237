#include "api/resources/journal/events.h"

#include <memory>

#include "api/query/list_query.h"
#include "api/resources/journal/journal_scan.h"
#include "api/resources/journal/page_start.h"
#include "api/resources/journal/unreadable.h"

namespace cc::api {
namespace {

using Direction = JournalScan::Direction;
using From = PageStart::From;

Response answer_of(const journal::Reset& reset) {
  const std::string cursor = reset.cursor.text();
  return problem(410,
                 "The journal cannot be read from that cursor. Load /api/v1/fleet, and go on from "
                 "its cursor.",
                 {{"reason", reset.reason}, {"cursor", cursor}});
}

/// One request on its way through the journal.
class PageSearch {
 public:
  struct Parts {
    const store::Store& store;
    telemetry::Log& log;
  };
  PageSearch(Parts parts, PageStart start, std::size_t limit, EntryFilter filter)
      : parts_(parts), start_(std::move(start)), limit_(limit), filter_(std::move(filter)) {}

  /// Reads a slice; the answer once there is one.
  std::optional<Response> step(store::JournalReader& journal);

 private:
  [[nodiscard]] std::expected<Seq, Response> find_place(store::JournalReader& journal) const;
  [[nodiscard]] std::optional<Response> begin(store::JournalReader& journal);
  [[nodiscard]] std::expected<JournalScan::State, Response> read(store::JournalReader& journal);
  [[nodiscard]] Response page() const;
  void append_before(std::string& body) const;

  Parts parts_;
  PageStart start_;
  std::size_t limit_;
  EntryFilter filter_;
  std::optional<JournalScan> scan_;  // empty: not begun
};

std::optional<Response> PageSearch::step(store::JournalReader& journal) {
  if (!scan_) return begin(journal);
  const auto state = read(journal);
  if (!state) return state.error();
  return *state == JournalScan::State::kDone ? std::optional(page()) : std::nullopt;
}

std::optional<Response> PageSearch::begin(store::JournalReader& journal) {
  const auto place = find_place(journal);
  if (!place) return place.error();
  const auto direction = start_.from == From::kBefore ? Direction::kBackward : Direction::kForward;
  scan_.emplace(direction, *place, limit_, std::move(filter_));
  const auto state = read(journal);
  if (!state) return state.error();
  // Retention may have moved on since the position was asked for; the slice tells where it stood.
  if (start_.from != From::kSince) {
    if (const auto still = start_.resolve(scan_->position()); !still)
      return answer_of(still.error());
  }
  return *state == JournalScan::State::kDone ? std::optional(page()) : std::nullopt;
}

/// The number at which the scan begins.
std::expected<Seq, Response> PageSearch::find_place(store::JournalReader& journal) const {
  if (start_.from == From::kSince) {
    const auto found = journal.find_since(start_.since);
    if (!found) return std::unexpected(journal_unreadable(parts_.log, found.error()));
    return *found;
  }
  const auto place = start_.resolve(parts_.store.position());
  if (!place) return std::unexpected(answer_of(place.error()));
  return *place;
}

std::expected<JournalScan::State, Response> PageSearch::read(store::JournalReader& journal) {
  const auto state = scan_->step(journal);
  if (!state) return std::unexpected(journal_unreadable(parts_.log, state.error()));
  return *state;
}

Response PageSearch::page() const {
  const Epoch& epoch = scan_->position().epoch;
  std::string body = R"({"events":[)";
  for (const auto& entry : scan_->entries()) {
    if (&entry != &scan_->entries().front()) body += ',';
    journal::append_entry_json(body, entry, epoch.text());
  }
  body.append(R"(],"cursor":")");
  body.append(Cursor{epoch, scan_->looked_at().high - 1}.text()).append("\"");
  if (start_.from != From::kAfter) append_before(body);
  body += '}';
  return json_response(std::move(body));
}

void PageSearch::append_before(std::string& body) const {
  const auto& position = scan_->position();
  const Seq low = scan_->looked_at().low;
  body.append(R"(,"before":)");
  body.append(low > position.oldest ? "\"" + Cursor{position.epoch, low}.text() + "\"" : "null");
}

std::expected<std::size_t, ParameterFault> limit_of(const Parameters& query) {
  const auto limit = find_parameter(query, "limit");
  return limit ? parse_limit(*limit) : kDefaultLimit;
}

}  // namespace

Answer EventsResource::page(const Call& call) const {
  if (const auto fault = find_parameter_fault(
          call.query, {"after", "before", "at", "limit", "types", "gateway", "agent", "session"})) {
    return problem(*fault);
  }
  const auto limit = limit_of(call.query);
  if (!limit) return problem(limit.error());
  auto filter = EntryFilter::parse(call.query);
  if (!filter) return problem(filter.error());
  auto start = PageStart::parse(call.query);
  if (!start) return problem(start.error());
  const auto search = std::make_shared<PageSearch>(PageSearch::Parts{store_, log_},
                                                   *std::move(start), *limit, *std::move(filter));
  return InPieces{[search](store::JournalReader& journal) { return search->step(journal); }};
}

}  // namespace cc::api
