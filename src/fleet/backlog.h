#pragma once
// Observations that wait for a commit, or for the list that they must follow. Bounded: above a
// mark, only the latest row per identity is kept (between two lists), and the rest is dropped. So a
// gateway's socket can always be read, even if the disk is slow.

#include <set>
#include <string>
#include <vector>

#include "fleet/sink.h"
#include "fleet/state/fleet.h"

namespace cc::fleet {

struct Waiting {
  Observation observation;
  Ack ack;
};

/// Not thread-safe; whoever owns it locks. Observations that somebody waits for (`ack`),
/// reports on connections, answers to commands and approvals are never dropped: there are few of
/// them.
class Backlog {
 public:
  /// Folding begins above `mark` observations, or `mark_bytes` of what they say. Above four times
  /// the observations, or half as many bytes again, what would be added is dropped. `mark`
  /// observations of usual size are less than the bytes.
  explicit Backlog(std::size_t mark, std::size_t mark_bytes = 48U << 20U)
      : mark_(mark), mark_bytes_(mark_bytes) {}

  void push(Waiting item);
  /// The oldest ones, at most `max` and no more after the one that passes 16 MiB, take the place of
  /// what `into` holds. Where that is all there are, nothing is moved but the vector, whose room is
  /// filled next: it pays to hand in the same one each time.
  void take(std::size_t max, std::vector<Waiting>& into);

  [[nodiscard]] bool empty() const { return size() == 0; }
  [[nodiscard]] std::size_t size() const { return items_.size() - taken_; }

  /// Gateways of which something was lost since the last call, and how much of all of them.
  struct Losses {
    std::set<std::string> gateways;
    std::size_t observations = 0;
  };
  [[nodiscard]] Losses take_losses();

 private:
  [[nodiscard]] bool is_above_mark() const;
  [[nodiscard]] bool is_full() const;
  [[nodiscard]] bool is_well_below() const;
  [[nodiscard]] bool fold(Waiting& item);
  void index_all();
  void forget_taken();
  void remember(const Waiting& item, std::uint64_t place);
  [[nodiscard]] Waiting* latest(const std::string& identity);

  const std::size_t mark_;
  const std::size_t mark_bytes_;
  std::vector<Waiting> items_;
  std::size_t bytes_ = 0;          // of those that wait, about
  std::size_t taken_ = 0;          // so many in front are empty shells
  std::uint64_t first_place_ = 0;  // of items_.front() in all that ever was queued
  /// Only while folding: where the latest observation of an identity waits.
  bool folding_ = false;
  TextMap<std::uint64_t> latest_;
  Losses losses_;
};

}  // namespace cc::fleet
