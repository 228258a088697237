#pragma once
// What an observation changes: made once by `merge`, applied by `Overlay` and `Fleet`, encoded once
// by `journal/encode.h`.

#include <memory>
#include <string>
#include <vector>

#include "fleet/rows/held.h"
#include "fleet/rows/kinds.h"
#include "fleet/rules/runs.h"

namespace cc::fleet {

/// Changes of one kind of row. `upsert` holds whole rows, `remove` identities within the change
/// set's gateway. `liveness` holds whole rows in which only a "still there" time moved: kept in
/// memory, never journaled. The rows may still be changed until the change set is published: the
/// encoder writes their version.
template <class Row>
struct Changes {
  std::vector<Made<Row>> upsert;
  std::vector<std::string> remove;
  std::vector<Made<Row>> liveness;

  [[nodiscard]] bool journaled() const { return !upsert.empty() || !remove.empty(); }
  [[nodiscard]] bool empty() const { return !journaled() && liveness.empty(); }
};

struct ChangeSet {
  std::string gateway;
  Source source = Source::kSystem;
  Cause cause = Cause::kConnection;
  /// Whether the gateway speaks to us once this is applied: decides the `status` that agents are
  /// written with.
  bool gateway_speaks = false;
#define KIND(tag, noun, number, plural) Changes<tag> plural;
#include "fleet/rows/kinds.def"
  Changes<AgentRuns> runs;  // never journaled
  /// Sessions of which the gateway's own row is to be read again; no change by itself.
  std::vector<std::string> doubted;
  /// Rows that the gateway told of and that are not kept, since it has too many; no change by
  /// itself.
  std::size_t left_out = 0;

  /// Whether it makes a journal entry.
  [[nodiscard]] bool journaled() const {
    bool any = false;
    each_kind([&](auto tag) { any = any || of(tag).journaled(); });
    return any;
  }
  [[nodiscard]] bool empty() const {
    bool none = runs.empty() && doubted.empty() && left_out == 0;
    each_kind([&](auto tag) { none = none && of(tag).empty(); });
    return none;
  }

  /// The group of a kind of row.
  template <class Row>
  [[nodiscard]] Changes<Row>& of(Tag<Row> /*tag*/) {
    return KindOf<Row>::in(*this);
  }
  template <class Row>
  [[nodiscard]] const Changes<Row>& of(Tag<Row> /*tag*/) const {
    return KindOf<Row>::in(*this);
  }
};

/// Runs are no rows, but they are kept and changed like them.
template <>
struct KindOf<AgentRuns> {
  static constexpr auto& in(auto& groups) { return groups.runs; }
};

}  // namespace cc::fleet
