#pragma once
// One connection: reads requests, keeps the deadlines, writes answers. Uses Beast to parse; Beast's
// types stay in here.

#include <functional>
#include <memory>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "api/exchange.h"
#include "api/server/limits.h"
#include "api/server/unsent.h"
#include "api/server/wait_queue.h"

namespace cc::api {

/// Between whom a connection runs, as address literals.
struct Ends {
  std::string peer;
  std::string local;
  unsigned short local_port = 0;
  bool over_tls = false;  // it was decrypted on its way here
};

/// Lives on the executor of its socket, which a single thread runs; `run` keeps it alive.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  /// Takes over a socket whose response header has been sent, `chunked` on HTTP/1.1.
  using Handover =
      std::function<void(boost::asio::ip::tcp::socket socket, bool chunked, Follow stream)>;

  struct Parts {
    Behind behind;
    const Clock& clock;
    const Limits& limits;
    Handover handover;
    std::shared_ptr<WaitQueue> waits;  // in which it stands while it waits for its client
    std::shared_ptr<Unsent> unsent;    // in which its answers count until they are sent
  };

  Connection(boost::asio::ip::tcp::socket socket, Ends ends, Parts parts);
  ~Connection();

  /// Ends when the connection does or when it has become a stream.
  boost::asio::awaitable<void> run();

  /// No further request: an idle connection closes now, a busy one after its answer.
  void finish();
  /// Closes, whatever is going on.
  void abort();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cc::api
