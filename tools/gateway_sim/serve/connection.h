#pragma once
// One WebSocket: challenge, connect, calls, events. Writes are queued and bounded; a client that
// does not read is thrown out, as the real gateway does it.

#include <deque>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio.hpp>
#include <boost/beast.hpp>

#include "gateway_sim/calls/rpc.h"
#include "gateway_sim/gateway.h"

namespace cc::sim {

class Connection final : public Peer, public std::enable_shared_from_this<Connection> {
 public:
  using Request = boost::beast::http::request<boost::beast::http::string_body>;

  Connection(boost::beast::tcp_stream stream, Gateway& gateway, Rpc& rpc);

  /// Until the connection is over.
  boost::asio::awaitable<void> serve(Request upgrade);

  [[nodiscard]] Client& client() override { return client_; }
  void deliver(const Event& event) override;
  void send_text(std::string text) override;
  void close(std::uint16_t code, std::string reason) override;
  void drop() override;
  /// The connection is cut when the fault is cleared.
  void hang() override;
  void skip(std::uint64_t numbers) override { seq_ += numbers; }
  [[nodiscard]] std::uint64_t last_seq() const override { return seq_; }

 private:
  struct Outgoing {
    std::shared_ptr<const std::string> body;
    std::string tail;
    [[nodiscard]] std::size_t size() const { return body->size() + tail.size(); }
  };
  struct Closing {
    std::uint16_t code;
    std::string reason;
  };

  boost::asio::awaitable<void> read_all();
  void send_challenge();
  void watch_handshake();
  void handle(std::string_view text);
  void handle_request(const std::string& id, const std::string& method,
                      const boost::json::object& params);
  void handshake(const std::string& id, const boost::json::object& params);
  void call(const std::string& id, const std::string& method, const boost::json::object& params);
  /// What goes wrong with this one; uses it up.
  [[nodiscard]] std::optional<CallFault> fault_of(const std::string& method);
  [[nodiscard]] std::optional<Refusal> refused_by_fault();
  void welcome(const std::string& id, Admission admission);
  void refuse(const std::string& id, const Refusal& refusal);
  void answer(const std::string& id, const std::string& method, const Answer& answer);
  void respond(const std::string& id, const Answer& answer);
  void enqueue(Outgoing frame);
  void write_next();
  void finish_closing();
  void throw_out();

  boost::beast::websocket::stream<boost::beast::tcp_stream> ws_;
  Gateway& gateway_;
  Rpc& rpc_;
  Client client_;
  Challenge challenge_;
  bool admitted_ = false;
  bool writing_ = false;
  bool gone_ = false;
  bool close_sent_ = false;
  std::optional<Closing> closing_;
  std::deque<Outgoing> queue_;
  std::size_t buffered_ = 0;
  std::uint64_t seq_ = 0;
};

}  // namespace cc::sim
