#pragma once
// Remembers the session rows of the last committed sync, so that the next sync can skip unchanged
// ones. It keeps 20 bytes for each idle row: a hash of its bytes, a hash of its key, and an index
// into the sorted hashes.

#include <optional>
#include <vector>

#include <boost/unordered/unordered_flat_set.hpp>

#include "fleet/observation.h"
#include "gateway/protocol/page_filter.h"

namespace cc::gateway {

/// Pure. A row is known only while the fleet certainly holds it as it was listed. Any other word
/// about a session makes its row unknown; a possible loss on our side makes all rows unknown. One
/// per link, on its thread; outlives connections.
class KnownRows {
 public:
  using RowPrint = protocol::RowPrint;
  using IdentityPrint = fleet::IdentityPrint;

  /// The session of a known row. Fast if rows are asked for in the order in which they were listed,
  /// which the next list mostly repeats.
  [[nodiscard]] std::optional<IdentityPrint> find(RowPrint row);

  // -- one pass over the whole list

  void begin_listing();
  /// A row that was not known and was parsed.
  void listed(const fleet::SessionPatch& row, RowPrint print);
  /// A known row that was skipped.
  void listed_again(RowPrint row, IdentityPrint session);
  /// Ends the pass. If all of it was committed, its rows replace the known ones; otherwise all are
  /// forgotten. A pass that fails before ends without this.
  void end_listing(bool committed);

  // -- else

  /// Takes note of what is said outside such a pass.
  void heard(const fleet::Observation& observation);
  void heard(const fleet::SessionList& list);
  /// The agents of the gateway. If they changed, all rows become unknown: an agent's status sums up
  /// its sessions, so they have to be read again.
  void agents_are(const fleet::AgentList& list);
  /// Forgets all rows: something may not have been stored, or another source spoke.
  void forget();

 private:
  struct Known {
    RowPrint row;
    IdentityPrint session;
  };
  /// Rows of one pass, and the sessions that were mentioned since it began.
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
