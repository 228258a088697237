#pragma once
// What all rules of one observation work on. Part of `merge`.

#include <string>
#include <vector>

#include "fleet/observation.h"
#include "fleet/rules/approval_book.h"
#include "fleet/rules/run_book.h"

namespace cc::fleet {

struct RuleContext {
  const Observation& seen;
  Draft& draft;
  ChangedRuns& changed;
  RunBook& runs;
  ApprovalBook& approvals;
  Millis listened{0};
};

/// Removes the rows that a complete list does not name, as far as `may_leave` lets them.
template <class Row, class May>
void remove_unlisted(Draft& draft, const TextMap<bool>& listed, May may_leave) {
  std::vector<std::string> gone;
  draft.each<Row>([&](const Fields<Row>& row) {
    if (!listed.contains(row.identity()) && may_leave(row)) gone.emplace_back(row.identity());
  });
  for (const auto& id : gone) draft.remove<Row>(id);
}

}  // namespace cc::fleet
