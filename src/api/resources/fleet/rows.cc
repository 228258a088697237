#include "api/resources/fleet/rows.h"

#include "api/query/select.h"
#include "api/resources/fleet/published_rows.h"

namespace cc::api {
namespace {

/// Of commands, the latest is wanted first.
template <class Row>
constexpr std::string_view kUsualOrder;
template <>
constexpr std::string_view kUsualOrder<fleet::Command> = "-id";

/// Looked at in one turn of a worker: about a millisecond.
constexpr std::size_t kRowsAtATime = 4096;

template <class Row>
void write_facets(JsonWriter& out, const Selection<Row>& selection, const ListQuery& query) {
  out.key("facets").begin_object();
  for (std::size_t i = 0; i < query.facets.size(); ++i) {
    out.key(fields<Row>()[query.facets[i]].name).begin_object();
    for (const auto& [value, count] : selection.facets[i]) out.field(value, count);
    out.end_object();
  }
  out.end_object();
}

template <class Row>
Response page_response(const Selection<Row>& selection, const ListQuery& query,
                       std::string_view cursor) {
  std::string body;
  JsonWriter out(body);
  out.begin_object();
  write_rows(out, "items", selection.rows);
  out.field("total", static_cast<std::uint64_t>(selection.total));
  out.key("next");
  if (selection.next) {
    out.value(encode_page_token(*selection.next));
  } else {
    out.null();
  }
  out.field("cursor", cursor);
  if (!query.facets.empty()) write_facets(out, selection, query);
  out.end_object();
  return json_response(std::move(body));
}

template <class Row>
Response row_response(const std::optional<Taken<Row>>& taken) {
  if (!taken) return problem(404, "There is no such row.");
  std::string body;
  JsonWriter out(body);
  encode_taken(out, *taken);
  return json_response(std::move(body));
}

/// A list on its way through all rows.
template <class Row>
class Listing {
 public:
  Listing(ListQuery query, std::vector<Group<Row>> groups, std::string cursor)
      : query_(std::move(query)),
        groups_(std::move(groups)),
        cursor_(std::move(cursor)),
        standing_(standing_in(groups_)),
        scan_(standing_, query_) {}
  Listing(const Listing&) = delete;
  Listing& operator=(const Listing&) = delete;

  std::optional<Response> step() {
    if (scan_.step(kRowsAtATime)) return std::nullopt;
    return page_response(scan_.take(), query_, cursor_);
  }

 private:
  const ListQuery query_;
  const std::vector<Group<Row>> groups_;
  const std::string cursor_;
  const std::vector<Standing<Row>> standing_;
  Scan<Row> scan_;
};

/// What was found while the fleet's lock was held: the page, or all rows to look for it in.
template <class Row>
struct Found {
  std::optional<Selection<Row>> page;
  std::vector<Group<Row>> groups;
  std::string cursor;
};

template <class Row>
Found<Row> find(const fleet::Fleet& fleet, const Cursor& head, const ListQuery& query) {
  const auto standing = all_standing<Row>(fleet);
  Found<Row> found{pick<Row>(standing, query), {}, head.text()};
  if (!found.page) found.groups = collect<Row>(standing);
  return found;
}

}  // namespace

template <class Row>
Answer RowsResource::list(const Call& call) const {
  auto query = parse_list_query(call.query, field_specs<Row>(), kUsualOrder<Row>);
  if (!query) return problem(query.error());
  auto found = published_.read([&](const fleet::Fleet& fleet, const Cursor& head) {
    return find<Row>(fleet, head, *query);
  });
  if (found.page) return page_response(*found.page, *query, found.cursor);
  const auto listing = std::make_shared<Listing<Row>>(*std::move(query), std::move(found.groups),
                                                      std::move(found.cursor));
  return InPieces{[listing](store::JournalReader& /*journal*/) { return listing->step(); }};
}

template <class Row>
Answer RowsResource::one(const Call& call) const {
  if (const auto fault = find_parameter_fault(call.query, {})) return problem(*fault);
  const auto taken = published_.read([&](const fleet::Fleet& fleet, const Cursor&) {
    return take_one<Row>(fleet, call.captured[0], call.captured[1]);
  });
  return row_response(taken);
}

Answer RowsResource::command(const Call& call) const {
  if (const auto fault = find_parameter_fault(call.query, {})) return problem(*fault);
  return row_response(published_.read([&](const fleet::Fleet& fleet, const Cursor&) {
    return take_command(fleet, call.captured[0]);
  }));
}

template Answer RowsResource::list<fleet::Gateway>(const Call& call) const;
template Answer RowsResource::list<fleet::Agent>(const Call& call) const;
template Answer RowsResource::list<fleet::Session>(const Call& call) const;
template Answer RowsResource::list<fleet::Presence>(const Call& call) const;
template Answer RowsResource::list<fleet::Command>(const Call& call) const;
template Answer RowsResource::list<fleet::Approval>(const Call& call) const;
template Answer RowsResource::list<fleet::CronJob>(const Call& call) const;
template Answer RowsResource::one<fleet::Approval>(const Call& call) const;
template Answer RowsResource::one<fleet::CronJob>(const Call& call) const;
template Answer RowsResource::one<fleet::Agent>(const Call& call) const;
template Answer RowsResource::one<fleet::Session>(const Call& call) const;

}  // namespace cc::api
