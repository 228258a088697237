// Lists of rows and single rows: the same for each kind.

#include <array>

#include "api/query/select.h"
#include "api/routes/published_rows.h"
#include "api/routes/table.h"

namespace cc::api::routes {
namespace {

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
    out.value(encode_place(*selection.next));
  } else {
    out.null();
  }
  out.field("cursor", cursor);
  if (!query.facets.empty()) write_facets(out, selection, query);
  out.end_object();
  return json_response(std::move(body));
}

template <class Row>
Response list(Services& services, const Call& call) {
  const auto query = parse_list_query(call.query, field_specs<Row>());
  if (!query) return parameter_problem(query.error().parameter, query.error().detail);
  const auto [selection,
              cursor] = services.published.read([&](const fleet::Fleet& fleet, const Cursor& head) {
    const auto standing = all_standing<Row>(fleet);
    return std::pair(select<Row>(std::span<const Standing<Row>>(standing), *query), head.text());
  });
  return page_response(selection, *query, cursor);
}

template <class Row>
Response one(Services& services, const Call& call) {
  if (auto fault = find_parameter_fault(call.query, {})) return *std::move(fault);
  const auto taken = services.published.read([&](const fleet::Fleet& fleet, const Cursor&) {
    return take_one<Row>(fleet, call.captured[0], call.captured[1]);
  });
  if (!taken) return problem(404, "There is no such row.");
  std::string body;
  JsonWriter out(body);
  encode_taken(out, *taken);
  return json_response(std::move(body));
}

constexpr std::array kRoutes{
    Route{Method::kGet, "/api/v1/gateways", kViewer, list<fleet::Gateway>},
    Route{Method::kGet, "/api/v1/agents", kViewer, list<fleet::Agent>},
    Route{Method::kGet, "/api/v1/sessions", kViewer, list<fleet::Session>},
    Route{Method::kGet, "/api/v1/presence", kViewer, list<fleet::Presence>},
    Route{Method::kGet, "/api/v1/agents/{gateway}/{id}", kViewer, one<fleet::Agent>},
    Route{Method::kGet, "/api/v1/sessions/{gateway}/{key}", kViewer, one<fleet::Session>},
};

}  // namespace

std::span<const Route> rows() {
  return kRoutes;
}

}  // namespace cc::api::routes
