#pragma once
// Selects a page of rows: filters, counts, sorts, cuts. Generic over the kinds of rows. Pure.
// `pick` finds pages by what the fleet keeps beside the rows, `Scan` all others.

#include <limits>
#include <span>
#include <vector>

#include "api/query/pick.h"
#include "api/query/scan.h"

namespace cc::api {

/// One page, by whichever way there is, without a pause. `candidates` must stand until it returns.
template <class Row>
Selection<Row> select(std::span<const Standing<Row>> candidates, const ListQuery& query) {
  if (auto page = pick(candidates, query)) return *std::move(page);
  Scan<Row> scan(candidates, query);
  scan.step(std::numeric_limits<std::size_t>::max());
  return scan.take();
}

/// The fields of a kind of row, as the parser of parameters wants them.
template <class Row>
[[nodiscard]] std::vector<FieldSpec> field_specs() {
  const auto table = fields<Row>();
  return {table.begin(), table.end()};
}

}  // namespace cc::api
