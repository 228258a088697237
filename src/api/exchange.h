#pragma once
// A request that was read whole, and how it gets its answer.

#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include <boost/asio/any_io_executor.hpp>

#include "api/dispatcher.h"
#include "workers/worker_pool.h"

namespace cc::api {

/// Not changed while a worker is busy with it.
struct Exchange {
  Request request;
  Dispatcher::Visit visit;
};

/// Where answers come from that take a while.
struct Behind {
  const Dispatcher& dispatcher;
  workers::WorkerPool& workers;
};

/// Who asks: whoever presents the same token or cookie; without one it is an address.
[[nodiscard]] std::string lane_of(const Exchange& exchange);

/// The answer to a client that asks for more at once than it gets.
[[nodiscard]] Response too_many_at_once();

/// Has a worker answer, and calls back once on `home`, never from within. Where too many requests
/// of the same client wait already, the answer says so. Once `stop` is asked for nobody waits for
/// the answer any more, and what it is does not matter.
void answer_on_worker(const Behind& behind, std::shared_ptr<const Exchange> exchange,
                      std::stop_token stop, boost::asio::any_io_executor home,
                      std::function<void(Answer)> done);

}  // namespace cc::api
