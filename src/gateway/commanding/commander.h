#pragma once
// Tells one gateway what persons want, once the intent is committed, and reports what became of it.
// Lives as long as the link; connections come and go beneath it.
//
//   row `accepted` ─▶ its turn ─▶ CommandDue ─▶ row `sent` ─▶ the gateway is asked ─▶
//   CommandAnswered

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include "fleet/gateway_reads.h"
#include "fleet/sink.h"
#include "gateway/commanding/command_queue.h"
#include "gateway/commanding/fleet_view.h"
#include "gateway/connection/calls.h"
#include "gateway/tasks.h"
#include "telemetry/log.h"

namespace cc::gateway {

/// On the link's thread. What is handed in must outlive it.
class Commander {
 public:
  struct Parts {
    boost::asio::any_io_executor executor;
    fleet::ObservationSink& sink;
    const Clock& clock;
    telemetry::Log& log;
    Tasks& tasks;
    const FleetView* fleet = nullptr;  // null: nothing is known
    Tasks::Owner owner;                // keeps this alive while an acknowledgement is on its way
  };
  /// What is known of a connection that is ready.
  struct Peer {
    int protocol = 4;
    std::vector<std::string> can;                                     // kinds
    std::optional<TimeMs> gateway_started_at;                         // by our clock
    std::function<void(const std::string& session)> read_again = {};  // good until `closed`
  };

  Commander(Parts parts, std::string gateway);

  /// A row of a command was published.
  void published(CommandQueue::Row row);
  /// A connection is ready: `calls` is good until `closed`.
  void opened(std::shared_ptr<Calls> calls, Peer peer);
  void closed();
  void stop();

  /// What somebody looks at, over the connection that is there (fleet/gateway_reads.h).
  using ReadDone = std::function<void(Result<std::string>)>;
  void read(fleet::Reading what, ReadDone done);

 private:
  template <class T>
  using Awaitable = boost::asio::awaitable<T>;
  using Row = CommandQueue::Row;

  void pump();
  void submit_due(const Row& row);
  void was_due(const std::string& id);
  [[nodiscard]] bool may_send(const fleet::Command& row) const;
  void wake_at(std::optional<SteadyTime> at);

  void ask_soon(const Row& row);
  Awaitable<void> ask(Row row);
  Awaitable<void> ask_one(Row row, protocol::Ask what);
  Awaitable<void> stop_all(Row row);
  [[nodiscard]] protocol::Answered refused(const fleet::Command& row,
                                           const protocol::WireError& error) const;
  void ask_again();
  [[nodiscard]] bool knows_again(const fleet::Command& row) const;
  void lost(const Row& row, const CallFailure& failure);
  void read_what_was_made(const fleet::Command& row, const protocol::Answered& answered) const;
  void settle_soon(std::vector<Row> rows);
  Awaitable<void> settle_all(std::vector<Row> rows);
  Awaitable<void> settle(Row row);
  [[nodiscard]] bool may_repeat(const fleet::Command& row) const;
  [[nodiscard]] bool has_time(const fleet::Command& row) const;

  void answer(const Row& row, protocol::Answered answered);
  void submit_answer(const std::string& id, protocol::Answered answered);
  void submit_answer(fleet::CommandAnswered answered);

  Awaitable<void> read_now(std::shared_ptr<Calls> calls, fleet::Reading what, protocol::Ask ask,
                           ReadDone done);

  template <class Run>
  void on_own_thread(Run run);
  [[nodiscard]] SteadyTime now() const { return parts_.clock.steady(); }

  Parts parts_;
  const std::string gateway_;
  CommandQueue queue_;
  std::shared_ptr<Calls> calls_;  // null: no connection is ready
  Peer peer_;
  std::set<std::string> asked_;     // since `sent`: a second publication asks for nothing
  std::set<std::string> repeat_;    // whose answer was lost, and may be asked for again
  std::set<std::string> repeated_;  // that were
  boost::asio::steady_timer timer_;
  std::size_t reading_ = 0;  // so many reads are under way
  bool stopped_ = false;
};

}  // namespace cc::gateway
