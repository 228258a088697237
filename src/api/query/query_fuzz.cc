// Where readers want to begin and what they want to see: cursors, places in a list, filters. The
// first byte chooses the kind of row, then comes what follows the question mark.

#include "api/http/target.h"
#include "api/query/field.h"
#include "api/query/list_query.h"
#include "api/query/page_token.h"
#include "api/query/testing/select_taken.h"
#include "api/resources/journal/entry_filter.h"
#include "base/text.h"
#include "fuzzing.h"
#include "journal/start_point.h"

namespace cc::api {
namespace {

using fuzzing::must;

void check_cursor(std::string_view text) {
  const auto cursor = Cursor::parse(text);
  if (cursor) must(cursor->text() == text, "a cursor that reads otherwise than it is written");
  const journal::Position position{
      .epoch = *Epoch::parse("k3f9x2ab"), .head = 1000, .oldest = 400, .last_at = 1};
  const auto start = journal::start_from(text, {});
  const auto after = journal::resolve(start, position);
  if (!after) return must(after.error().cursor.seq == position.head, "a reset to elsewhere");
  must(*after <= position.head && *after + 1 >= position.oldest, "a place that is not kept");
}

void check_place(std::string_view token) {
  const auto place = decode_page_token(token);
  if (!place) return;
  const auto again = decode_page_token(encode_page_token(*place));
  must(again && *again == *place, "a place that reads otherwise than it is written");
}

void check_entries(const Parameters& parameters) {
  const auto filter = EntryFilter::parse(parameters);
  if (!filter) return must(!filter.error().detail.empty(), "a refusal that says nothing");
  const journal::Entry entry{
      .seq = 1,
      .at = 1,
      .gateway = "default",
      .event = fleet::EventKind::kSessionUpdate,
      .body = R"({"sessions":{"upsert":[{"gateway":"default","key":"agent:main:main"}]}})"};
  must(filter->takes(entry) || !filter->takes_all(), "a filter that takes all takes all");
}

/// Rows with every value that the parameters brought along, and rows with none.
template <class Row>
std::vector<Taken<Row>> rows_with(const Parameters& parameters) {
  std::vector<Taken<Row>> rows;
  for (std::size_t i = 0; i < 7; ++i) {
    fleet::Fields<Row> row;
    if constexpr (requires { row.gateway; }) row.gateway = i % 2 == 0 ? "a" : "b";
    std::string id = std::to_string(i);
    if (i < parameters.size()) id += parameters[i].value;
    if constexpr (std::is_same_v<Row, fleet::Gateway>) row.name = id;
    if constexpr (std::is_same_v<Row, fleet::Session>) row.key = id;
    if constexpr (requires { row.id; }) row.id = id;
    if constexpr (requires { row.title; }) {
      if (i < parameters.size()) row.title = parameters[i].value;
    }
    rows.push_back({fleet::hold<Row>(std::move(row)), i % 3 != 0});
  }
  return rows;
}

/// A page, and the one after it: no row is on both.
template <class Row>
void check_pages(const std::vector<Taken<Row>>& rows, ListQuery query) {
  const auto page = select(rows, query);
  must(page.rows.size() <= query.limit && page.total <= rows.size(), "a page out of bounds");
  if (!page.next) return;
  query.after = page.next;
  for (const auto& later : select(rows, query).rows) {
    for (const auto& row : page.rows) must(row.row != later.row, "a row on two pages");
  }
}

template <class Row>
void check_list(const Parameters& parameters) {
  const auto query = parse_list_query(parameters, field_specs<Row>());
  if (!query) return must(!query.error().detail.empty(), "a refusal that says nothing");
  must(query->limit >= 1 && query->limit <= kMaxLimit, "a limit out of bounds");
  for (const auto& filter : query->filters) {
    must(filter.field < fields<Row>().size(), "a filter for no field");
  }
  for (const auto& order : query->orders) {
    must(order.field < fields<Row>().size(), "an order by no field");
  }
  check_pages(rows_with<Row>(parameters), *query);
}

void check(unsigned kind, std::string_view text) {
  check_cursor(text);
  check_place(text);
  const auto target = parse_target("/?" + std::string(text));
  if (!target) return;
  for (const auto& [name, value] : target->query) {
    if (name == "after") check_cursor(value);
    if (name == "page") check_place(value);
    std::ignore = parse_event_kinds(value);
  }
  check_entries(target->query);
  switch (kind % 4) {
    case 0: return check_list<fleet::Gateway>(target->query);
    case 1: return check_list<fleet::Agent>(target->query);
    case 2: return check_list<fleet::Session>(target->query);
    default: return check_list<fleet::Presence>(target->query);
  }
}

}  // namespace
}  // namespace cc::api

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 0) cc::api::check(data[0], cc::fuzzing::text_of(data + 1, size - 1));
  return 0;
}
