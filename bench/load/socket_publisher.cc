#include "bench/load/socket_publisher.h"

#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

namespace cc::bench {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

}  // namespace

SocketPublisher::SocketPublisher(asio::io_context& io, std::uint16_t port, Encode encode)
    : socket_(io), encode_(std::move(encode)), answers_(64 * 1024, '\0') {
  socket_.connect({asio::ip::address_v4::loopback(), port});
  socket_.set_option(asio::ip::tcp::no_delay(true));
  read();
}

void SocketPublisher::publish(std::uint64_t number) {
  encode_(waiting_, number);
  if (writing_.empty()) write();
}

void SocketPublisher::close() {
  error_code ignored;
  socket_.close(ignored);
}

void SocketPublisher::write() {
  writing_ = std::exchange(waiting_, {});
  asio::async_write(socket_, asio::buffer(writing_), [this](error_code error, std::size_t) {
    if (error) return;
    writing_.clear();
    if (!waiting_.empty()) write();
  });
}

void SocketPublisher::read() {
  socket_.async_read_some(asio::buffer(answers_), [this](error_code error, std::size_t) {
    if (!error) read();
  });
}

}  // namespace cc::bench
