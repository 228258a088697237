#pragma once
// For tests: a page of rows that stand nowhere.

#include <span>
#include <vector>

#include "api/query/select.h"

namespace cc::api {

template <class Row>
Selection<Row> select(const std::vector<Taken<Row>>& candidates, const ListQuery& query) {
  std::vector<Standing<Row>> standing;
  for (const auto& [row, speaks] : candidates) standing.push_back({{&row, 1}, speaks, {}, {}});
  return select<Row>(std::span<const Standing<Row>>(standing), query);
}

}  // namespace cc::api
