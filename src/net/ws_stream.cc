#include "net/ws_stream.h"

#include <deque>
#include <utility>

#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include "base/text.h"
#include "net/completion.h"
#include "net/read_ahead.h"

namespace cc::net {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using asio::ip::tcp;

namespace {

constexpr std::size_t kReadAtOnce = 256 * 1024;
// What may come before the WebSocket begins: a head, and the page of a proxy that refuses.
constexpr std::size_t kUpgradeBytes = 256 * 1024;
// How a TLS server complains of what is no TLS: the start of an alert.
constexpr std::string_view kTlsAlert = "\x15\x03";

struct PlainLayer {
  using Socket = websocket::stream<ReadAhead<beast::tcp_stream>>;

  PlainLayer(const asio::any_io_executor& executor, const TlsRules&) : socket(executor) {}
  asio::awaitable<Result<void>> secure_layer(const Endpoint&, const TlsRules&) {
    co_return Result<void>{};
  }

  Socket socket;
};

struct TlsLayer {
  using Socket = websocket::stream<ReadAhead<TlsStream>>;

  TlsLayer(const asio::any_io_executor& executor, const TlsRules& rules)
      : context(tls_context(rules)), socket(executor, *context) {}
  asio::awaitable<Result<void>> secure_layer(const Endpoint& endpoint, const TlsRules& rules) {
    return secure(socket.next_layer().next_layer(), endpoint, rules);
  }

  std::shared_ptr<asio::ssl::context> context;
  Socket socket;
};

std::string without_query(std::string_view location) {
  return clean_text(location.substr(0, location.find('?')), 256);
}

template <class Layer>
class BeastStream final : public WsStream, public std::enable_shared_from_this<BeastStream<Layer>> {
 public:
  BeastStream(const asio::any_io_executor& executor, Options options, std::function<void()> heard)
      : options_(std::move(options)),
        heard_(std::move(heard)),
        executor_(executor),
        resolver_(executor),
        layer_(executor, options_.tls) {}

  asio::awaitable<std::expected<void, WsEnd>> open() override {
    auto connected =
        co_await connect_tcp(tcp_layer(), resolver_, options_.endpoint, options_.connect);
    if (!connected) co_return failed(connected.error());
    auto secured = co_await layer_.secure_layer(options_.endpoint, options_.tls);
    if (!secured) co_return failed(secured.error());
    tcp_layer().expires_never();  // from here on the WebSocket keeps its own time
    co_return co_await upgrade();
  }

  asio::awaitable<std::expected<std::string_view, WsEnd>> read() override {
    buffer_.consume(buffer_.size());
    do {
      auto [ec, bytes] = co_await socket().async_read_some(buffer_, kReadAtOnce, kTuple);
      if (ec) co_return std::unexpected(end_of(ec));
      if (bytes > 0) heard_();
    } while (!socket().is_message_done());
    buffer_.prepare(kReadableAfter);
    const auto data = buffer_.cdata();
    co_return std::string_view(static_cast<const char*>(data.data()), data.size());
  }

  void send(std::string message) override {
    queue_.push_back(std::move(message));
    if (queue_.size() == 1) write_next();
  }

  asio::awaitable<void> close(int code, std::string reason) override {
    const auto self = this->shared_from_this();
    asio::steady_timer patience(executor_, options_.closing);
    patience.async_wait([self](const boost::system::error_code& ec) {
      if (!ec) self->abort();
    });
    const websocket::close_reason farewell(static_cast<websocket::close_code>(code), reason);
    co_await socket().async_close(farewell, kTuple);
    patience.cancel();
    abort();
  }

  void abort() override {
    resolver_.cancel();
    tcp_layer().close();
  }

 private:
  typename Layer::Socket& socket() { return layer_.socket; }
  beast::tcp_stream& tcp_layer() { return beast::get_lowest_layer(layer_.socket); }

  static std::unexpected<WsEnd> failed(const Error& error) {
    WsEnd end;
    end.transport = error.message;
    return std::unexpected(std::move(end));
  }

  void set_options() {
    websocket::stream_base::timeout timeout{};
    timeout.handshake_timeout = options_.connect;
    timeout.idle_timeout = websocket::stream_base::none();
    timeout.keep_alive_pings = false;
    socket().set_option(timeout);
    socket().read_message_max(options_.message_limit);
    socket().text(true);
    socket().set_option(websocket::stream_base::decorator([this](websocket::request_type& request) {
      request.set(beast::http::field::user_agent, options_.user_agent);
      for (const auto& [name, value] : options_.headers) request.set(name, value.reveal());
    }));
    socket().control_callback([this](websocket::frame_type, beast::string_view) { heard_(); });
  }

  asio::awaitable<std::expected<void, WsEnd>> upgrade() {
    set_options();
    websocket::response_type response;
    const std::string host = options_.endpoint.authority();
    const std::string target = options_.endpoint.target;
    socket().next_layer().bound(kUpgradeBytes);
    auto [ec] = co_await socket().async_handshake(response, host, target, kTuple);
    socket().next_layer().bound(std::nullopt);
    if (!ec) co_return std::expected<void, WsEnd>{};
    co_return std::unexpected(declined(ec, response));
  }

  WsEnd declined(const boost::system::error_code& ec, const websocket::response_type& response) {
    WsEnd end;
    if (ec == websocket::error::upgrade_declined) {
      end.http_status = static_cast<int>(response.result_int());
      end.location = without_query(response[beast::http::field::location]);
      end.transport = "the upgrade was answered with HTTP " + std::to_string(*end.http_status);
      if (!end.location.empty()) end.transport += " to " + end.location;
    } else if (ec == asio::error::no_buffer_space) {
      end.transport = "the answer to the upgrade is larger than 256 KiB";
    } else if (socket().next_layer().began_with(kTlsAlert)) {
      end.transport = "it speaks TLS; its address begins with wss://";
    } else {
      end.transport = transport_error(ec, options_.connect).message;
    }
    return end;
  }

  WsEnd end_of(const boost::system::error_code& ec) {
    WsEnd end;
    if (ec == websocket::error::closed) {
      end.close_code = socket().reason().code;
      end.close_reason = std::string(socket().reason().reason.c_str());
      return end;
    }
    end.too_large = ec == websocket::error::message_too_big;
    end.transport = end.too_large ? "a message was larger than the protocol allows"
                                  : transport_error(ec, options_.connect).message;
    return end;
  }

  void write_next() {
    socket().async_write(asio::buffer(queue_.front()),
                         [self = this->shared_from_this()](const boost::system::error_code& ec,
                                                           std::size_t) { self->written(ec); });
  }

  void written(const boost::system::error_code& ec) {
    if (ec) return queue_.clear();
    queue_.pop_front();
    if (!queue_.empty()) write_next();
  }

  Options options_;
  std::function<void()> heard_;
  asio::any_io_executor executor_;
  tcp::resolver resolver_;
  Layer layer_;
  beast::flat_buffer buffer_;
  std::deque<std::string> queue_;
};

}  // namespace

std::shared_ptr<WsStream> WsStream::create(asio::any_io_executor executor, Options options,
                                           std::function<void()> heard) {
  if (options.endpoint.tls) {
    return std::make_shared<BeastStream<TlsLayer>>(executor, std::move(options), std::move(heard));
  }
  return std::make_shared<BeastStream<PlainLayer>>(executor, std::move(options), std::move(heard));
}

}  // namespace cc::net
