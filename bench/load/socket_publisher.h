#pragma once
// Publishes over a plain connection: what a system other than ours is fed by.

#include <functional>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "bench/load/pacer.h"

namespace cc::bench {

/// Lives on its io_context. What gathers while a write is under way goes out with the next one.
/// Answers are read and thrown away.
class SocketPublisher final : public Publisher {
 public:
  /// Appends the bytes that publish the event with this number.
  using Encode = std::function<void(std::string&, std::uint64_t)>;

  SocketPublisher(boost::asio::io_context& io, std::uint16_t port, Encode encode);

  void publish(std::uint64_t number) override;
  /// Ends what is under way. It may go once its io_context has turned once more.
  void close();

 private:
  void write();
  void read();

  boost::asio::ip::tcp::socket socket_;
  const Encode encode_;
  std::string waiting_;
  std::string writing_;
  std::string answers_;
};

}  // namespace cc::bench
