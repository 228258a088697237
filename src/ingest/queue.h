#pragma once
// What waits to be ingested. Bounded: above a mark only the latest row per identity is kept, and
// what cannot be folded is dropped, so that a gateway's socket can always be read, whatever the
// disk does.

#include <deque>
#include <set>
#include <string>
#include <vector>

#include "fleet/fleet.h"
#include "fleet/sink.h"

namespace cc::ingest {

struct Queued {
  fleet::Observation observation;
  fleet::Settled settled;
};

/// Not thread-safe; whoever owns it locks. Observations that somebody waits for (`settled`) and
/// reports on connections are never dropped: there are few of them.
class Queue {
 public:
  /// Folding begins above `mark`; above four times as many, what would be added is dropped.
  explicit Queue(std::size_t mark) : mark_(mark) {}

  void push(Queued item);
  [[nodiscard]] std::vector<Queued> take(std::size_t max);

  [[nodiscard]] bool empty() const { return items_.empty(); }
  [[nodiscard]] std::size_t size() const { return items_.size(); }

  /// Gateways of which something was lost since the last call, and how much of all of them.
  struct Losses {
    std::set<std::string> gateways;
    std::size_t observations = 0;
  };
  [[nodiscard]] Losses take_losses();

 private:
  [[nodiscard]] bool fold(Queued& item);
  void index_all();
  void remember(const Queued& item, std::uint64_t place);
  [[nodiscard]] Queued* latest(const std::string& identity);

  const std::size_t mark_;
  std::deque<Queued> items_;
  std::uint64_t taken_ = 0;  // place of items_.front() in all that ever was queued
  /// Only while folding: where the latest observation of an identity waits.
  bool folding_ = false;
  fleet::TextMap<std::uint64_t> latest_;
  Losses losses_;
};

}  // namespace cc::ingest
