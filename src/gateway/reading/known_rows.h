#pragma once
// What the last sync of a gateway that was committed said of its sessions, so that the next one
// need not read again what is as it was. Of each row that is idle it keeps 20 bytes: a print of
// what it said, one of whom it said it of, and its place among the prints.

#include <optional>
#include <vector>

#include <boost/unordered/unordered_flat_set.hpp>

#include "fleet/observation.h"
#include "gateway/protocol/page_filter.h"

namespace cc::gateway {

/// Pure. A row is known only while the fleet surely holds it as it was listed: whatever else is
/// said of a session makes it unknown, and what may have been lost on our side makes all unknown.
/// Outlives connections; of one link, on its thread.
class KnownRows {
 public:
  using RowPrint = protocol::RowPrint;
  using IdentityPrint = fleet::IdentityPrint;

  /// Whose row this is, where it is known. Quick where rows are asked for in the order in which
  /// they were listed, which is that of most rows of the next list as well.
  [[nodiscard]] std::optional<IdentityPrint> find(RowPrint row);

  // -- one pass over the whole list

  void begin_listing();
  /// A row that was not known, and what it says.
  void listed(const fleet::SessionPatch& row, RowPrint print);
  /// A row that was.
  void listed_again(RowPrint row, IdentityPrint session);
  /// Ends the pass. If all of it was committed, its rows replace the known ones; otherwise all are
  /// forgotten. A pass that fails before ends without this.
  void end_listing(bool committed);

  // -- else

  /// What is said beside such a pass.
  void heard(const fleet::Observation& observation);
  void heard(const fleet::SessionList& list);
  /// The agents that there are. Where they are others than before, what their sessions' rows say of
  /// them has to be told once more.
  void agents_are(const fleet::AgentList& list);
  /// Something that was handed on may not have been stored, or somebody else spoke.
  void forget();

 private:
  struct Known {
    RowPrint row;
    IdentityPrint session;
  };
  /// Rows of one pass, and who was spoken of since it began.
  struct Listing {
    std::vector<Known> rows;
    boost::unordered_flat_set<IdentityPrint> spoken_of;
  };
  /// Of `rows` of the last pass.
  using Index = std::uint32_t;
  [[nodiscard]] std::optional<Index> index_of(RowPrint row);
  void spoken_of(IdentityPrint session);
  void take_over(Listing listing);

  Listing last_;
  std::vector<Index> by_print_;  // empty until it is needed
  Index next_ = 0;               // behind the row that was found last
  Listing under_way_;
  bool listing_ = false;
  std::optional<std::uint64_t> agents_;
};

}  // namespace cc::gateway
