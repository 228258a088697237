#pragma once
// Submits a connection's observations in the order in which they must be merged. A page of a list
// may be older than events that arrive while it is requested, so these events follow the page.

#include <memory>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "fleet/backlog.h"
#include "fleet/sink.h"

namespace cc::gateway {

/// On the link's thread. What is handed in must outlive it.
class Outbox {
 public:
  struct Parts {
    boost::asio::any_io_executor executor;
    fleet::ObservationSink& sink;
    const Clock& clock;
    Millis pages_apart;
  };
  explicit Outbox(Parts parts);

  /// A listing begins: events are held until the page that they must follow, or `release`. If there
  /// are too many, only the latest per session is kept.
  void hold() { holding_ = true; }

  /// Held, or submitted at once.
  void event(fleet::Observation event);

  /// A page of a list that goes on, and the events that it held up. Pages are submitted in groups,
  /// because many small commits cost more than a few large ones. Only a few pages may be ahead of
  /// the store, so a slow disk slows the listing down. Returns when the next page may be read.
  boost::asio::awaitable<void> page(fleet::Observation page);

  /// The end of a listing, after its pages; then as `release`.
  void end(fleet::Observation list, fleet::Ack ack = {});
  /// As `end`, and waits for the list's fate: false where it was not committed, or `stop` came
  /// first. `ack` is told as well, on the sink's thread.
  boost::asio::awaitable<bool> commit(fleet::Observation list, fleet::Ack ack);

  /// Events are not held any longer.
  void release();

  /// Whether more events came than could be held; asked once.
  [[nodiscard]] bool lost_any() { return held_.take_losses().observations > 0; }

  /// Resumes everything that waits here.
  void stop();

 private:
  struct PendingAck;

  void let_held_follow();
  void submit_ready();
  [[nodiscard]] fleet::Ack ack_of(std::shared_ptr<PendingAck> pending) const;
  boost::asio::awaitable<bool> fate_of(std::shared_ptr<PendingAck> pending);

  Parts parts_;
  fleet::Backlog held_;
  std::vector<fleet::Waiting> ready_;  // to be submitted with the next pages
  SteadyTime next_submission_{};
  std::shared_ptr<PendingAck> submitted_;  // of the latest pages
  std::shared_ptr<PendingAck> waited_for_;
  bool holding_ = false;
  bool stopped_ = false;
};

}  // namespace cc::gateway
