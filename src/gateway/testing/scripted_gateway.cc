#include "gateway/testing/scripted_gateway.h"

#include <algorithm>
#include <cctype>
#include <deque>
#include <stdexcept>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/json/parse.hpp>

#include "net/completion.h"

namespace cc::gateway::testing {

namespace asio = boost::asio;
using net::kTuple;
namespace beast = boost::beast;
namespace http = beast::http;
namespace json = boost::json;
namespace websocket = beast::websocket;
using asio::ip::tcp;

namespace {

std::string quoted(const std::string& text) {
  return '"' + text + '"';
}

std::string text_of(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : "";
}

}  // namespace

void Peer::event(const std::string& name, const std::string& payload, int seq) {
  const std::string number = seq > 0 ? ",\"seq\":" + std::to_string(seq) : "";
  send(R"({"type":"event","event":)" + quoted(name) + ",\"payload\":" + payload + number + "}");
}

void Peer::answer(const std::string& id, const std::string& payload) {
  send(R"({"type":"res","id":)" + quoted(id) + R"(,"ok":true,"payload":)" + payload + "}");
}

void Peer::refuse(const std::string& id, const std::string& error) {
  send(R"({"type":"res","id":)" + quoted(id) + R"(,"ok":false,"error":)" + error + "}");
}

class ScriptedGateway::WsPeer final : public Peer, public std::enable_shared_from_this<WsPeer> {
 public:
  WsPeer(tcp::socket socket, ScriptedGateway& gateway)
      : ws_(std::move(socket)), gateway_(&gateway) {}

  asio::awaitable<void> serve(http::request<http::string_body> upgrade) {
    const auto self = shared_from_this();
    ws_.read_message_max(64U << 20U);
    auto [ec] = co_await ws_.async_accept(upgrade, kTuple);
    if (ec || gateway_ == nullptr) co_return;
    if (gateway_->on_open) {
      gateway_->on_open(*this);
    } else {
      event("connect.challenge", R"({"nonce":"n-1","ts":1795350907112})");
    }
    while (co_await serve_one()) {
    }
    gone_ = true;
  }

  void send(std::string text) override {
    queue_.push_back(std::move(text));
    if (queue_.size() == 1) write_next();
  }

  // After what was sent before it.
  void close(int code, std::string reason) override {
    if (!queue_.empty()) {
      then_close_ = {code, std::move(reason)};
      return;
    }
    const websocket::close_reason why(static_cast<websocket::close_code>(code), reason);
    ws_.async_close(why, [self = shared_from_this()](const boost::system::error_code&) {});
  }

  void drop() override {
    boost::system::error_code ignored;
    ws_.next_layer().close(ignored);
  }

  void forget_gateway() { gateway_ = nullptr; }
  [[nodiscard]] bool gone() const { return gone_; }

 private:
  asio::awaitable<bool> serve_one() {
    beast::flat_buffer buffer;
    auto [ec, size] = co_await ws_.async_read(buffer, kTuple);
    if (gateway_ == nullptr) co_return false;
    if (ec) {
      if (ec == websocket::error::closed) gateway_->last_close_code = ws_.reason().code;
      co_return false;
    }
    const auto frame = json::parse(beast::buffers_to_string(buffer.data())).as_object();
    Request request{text_of(frame, "id"), text_of(frame, "method"), {}};
    if (const auto* params = frame.if_contains("params")) request.params = params->as_object();
    gateway_->requests.push_back(request);
    if (!gateway_->on_request || !gateway_->on_request(*this, request)) {
      gateway_->answer_as_usual(*this, request);
    }
    co_return true;
  }

  void write_next() {
    ws_.async_write(asio::buffer(queue_.front()),
                    [self = shared_from_this()](const boost::system::error_code& ec, std::size_t) {
                      self->written(ec);
                    });
  }

  void written(const boost::system::error_code& ec) {
    if (ec) return queue_.clear();
    queue_.pop_front();
    if (!queue_.empty()) return write_next();
    if (then_close_.first != 0) close(std::exchange(then_close_.first, 0), then_close_.second);
  }

  websocket::stream<tcp::socket> ws_;
  ScriptedGateway* gateway_;
  std::deque<std::string> queue_;
  std::pair<int, std::string> then_close_{};
  bool gone_ = false;
};

class ScriptedGateway::Door : public std::enable_shared_from_this<Door> {
 public:
  Door(asio::io_context& io, ScriptedGateway& gateway)
      : io_(io), gateway_(&gateway), acceptor_(io) {
    open(0);
  }

  void open(std::uint16_t port) {
    const tcp::endpoint where(asio::ip::address_v4::loopback(), port);
    acceptor_.open(where.protocol());
    acceptor_.set_option(asio::socket_base::reuse_address(true));
    acceptor_.bind(where);
    acceptor_.listen();
    port_ = acceptor_.local_endpoint().port();
  }

  void start() { asio::co_spawn(io_, accept(shared_from_this()), asio::detached); }
  void shut() { acceptor_.close(); }
  void forget_gateway() { gateway_ = nullptr; }
  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  static asio::awaitable<void> accept(std::shared_ptr<Door> self) {
    while (true) {
      auto [ec, socket] = co_await self->acceptor_.async_accept(kTuple);
      if (ec || self->gateway_ == nullptr) co_return;
      asio::co_spawn(self->io_, greet(self, std::move(socket)), asio::detached);
    }
  }

  static asio::awaitable<void> greet(std::shared_ptr<Door> self, tcp::socket socket) {
    beast::flat_buffer buffer;
    http::request<http::string_body> request;
    auto [ec, size] = co_await http::async_read(socket, buffer, request, kTuple);
    if (ec || self->gateway_ == nullptr) co_return;
    if (websocket::is_upgrade(request) && self->gateway_->upgrade_status == 101) {
      co_await self->welcome(std::move(socket), std::move(request));
    } else {
      co_await self->reply(std::move(socket), std::move(request));
    }
  }

  asio::awaitable<void> welcome(tcp::socket socket, http::request<http::string_body> request) {
    ++gateway_->connections;
    gateway_->upgrade_headers.clear();
    for (const auto& field : request) {
      std::string name(field.name_string());
      std::transform(name.begin(), name.end(), name.begin(),
                     [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
      gateway_->upgrade_headers[name] = std::string(field.value());
    }
    auto peer = std::make_shared<WsPeer>(std::move(socket), *gateway_);
    gateway_->latest_ = peer;
    gateway_->peers_.push_back(peer);
    co_await peer->serve(std::move(request));
  }

  asio::awaitable<void> reply(tcp::socket socket, http::request<http::string_body> request) {
    HttpReply answer{404, "text/plain", "Not Found"};
    if (websocket::is_upgrade(request)) {
      ++gateway_->connections;
      answer.status = gateway_->upgrade_status;
    } else {
      const HttpSeen seen{std::string(request.method_string()),
                          std::string(request.target()),
                          std::string(request[http::field::authorization]),
                          std::string(request[http::field::user_agent]),
                          std::string(request[http::field::accept]),
                          request.body()};
      gateway_->http.push_back(seen);
      if (gateway_->on_http) answer = gateway_->on_http(seen);
    }
    http::response<http::string_body> response(static_cast<http::status>(answer.status), 11);
    response.set(http::field::content_type, answer.type);
    response.body() = std::move(answer.body);
    response.prepare_payload();
    co_await http::async_write(socket, response, kTuple);
  }

  asio::io_context& io_;
  ScriptedGateway* gateway_;
  tcp::acceptor acceptor_;
  std::uint16_t port_ = 0;
};

ScriptedGateway::ScriptedGateway(asio::io_context& io, int protocol)
    : protocol_(protocol), door_(std::make_shared<Door>(io, *this)) {
  door_->start();
}

ScriptedGateway::~ScriptedGateway() {
  door_->forget_gateway();
  door_->shut();
  for (const auto& weak : peers_) {
    if (const auto peer = std::static_pointer_cast<WsPeer>(weak.lock())) peer->forget_gateway();
  }
}

int ScriptedGateway::port() const {
  return door_->port();
}

std::string ScriptedGateway::ws_url() const {
  return "ws://127.0.0.1:" + std::to_string(port()) + "/";
}

std::string ScriptedGateway::rest_url() const {
  return "http://127.0.0.1:" + std::to_string(port()) + "/api/agents";
}

void ScriptedGateway::close_door() {
  door_->shut();
  for (const auto& weak : peers_) {
    if (const auto peer = weak.lock()) peer->drop();
  }
}

void ScriptedGateway::reopen() {
  door_->open(door_->port());
  door_->start();
}

Peer& ScriptedGateway::peer() const {
  const auto peer = latest_.lock();
  if (!peer) throw std::logic_error("nobody is connected");
  return *peer;
}

bool ScriptedGateway::connected() const {
  const auto peer = std::static_pointer_cast<WsPeer>(latest_.lock());
  return peer && !peer->gone();
}

int ScriptedGateway::count(const std::string& method) const {
  return static_cast<int>(std::count_if(requests.begin(), requests.end(),
                                        [&](const Request& r) { return r.method == method; }));
}

std::string ScriptedGateway::hello_payload() const {
  const std::string token = device_token.empty() ? "" : ",\"deviceToken\":" + quoted(device_token);
  const std::string hash = shows_configuration ? R"(,"appliedConfigHash":"h")" : "";
  return R"({"type":"hello-ok","protocol":)" + std::to_string(protocol_) +
         R"(,"server":{"version":"2026.9.6","connId":"c"},"features":{"methods":)" + methods +
         R"(,"events":[]},"snapshot":{"presence":[{"host":"vm","mode":"gateway","reason":"self","ts":1}],)"
         R"("health":{},"stateVersion":{"presence":1,"health":1},"uptimeMs":1)" +
         hash +
         R"(},"auth":{"role":"operator",)"
         R"("scopes":)" +
         granted + token +
         R"(},"policy":{"maxPayload":26214400,"maxBufferedBytes":52428800,"tickIntervalMs":)" +
         std::to_string(tick_ms) + "}}";
}

std::string ScriptedGateway::agents_payload() const {
  std::string rows;
  for (const auto& id : agents) {
    rows += (rows.empty() ? "" : ",") + std::string(R"({"id":)") + quoted(id) + "}";
  }
  return R"({"defaultId":"main","mainKey":"main","scope":"per-sender","agents":[)" + rows + "]}";
}

std::string ScriptedGateway::sessions_payload(const json::object& params) const {
  const auto number = [&](std::string_view name, std::size_t otherwise) {
    const auto* value = params.if_contains(name);
    return value != nullptr ? static_cast<std::size_t>(value->to_number<int>()) : otherwise;
  };
  const std::size_t from = std::min(number("offset", 0), sessions.size());
  const std::size_t limit = number("limit", protocol_ >= 4 ? 100 : sessions.size());
  const std::size_t to = std::min(from + limit, sessions.size());
  std::string rows;
  for (std::size_t i = from; i < to; ++i) {
    const auto label = labels.find(sessions[i]);
    rows += (rows.empty() ? "" : ",") + std::string(R"({"key":)") + quoted(sessions[i]) +
            (label == labels.end() ? "" : R"(,"label":)" + quoted(label->second)) +
            R"(,"snapshotAt":)" + std::to_string(requests.size()) +
            R"(,"kind":"direct","sessionId":"s","status":"done","updatedAt":1795350907000})";
  }
  const std::string next = to < sessions.size() ? std::to_string(to) : "null";
  const std::string paging = protocol_ < 4 ? ""
                                           : R"(,"totalCount":)" + std::to_string(sessions.size()) +
                                                 R"(,"limitApplied":)" + std::to_string(limit) +
                                                 R"(,"nextOffset":)" + next;
  return R"({"ts":1,"path":"all","count":)" + std::to_string(to - from) + paging +
         R"(,"sessions":[)" + rows + "]}";
}

void ScriptedGateway::answer_as_usual(Peer& peer, const Request& request) {
  if (request.method == "connect") return peer.answer(request.id, hello_payload());
  if (request.method == "agents.list") return peer.answer(request.id, agents_payload());
  if (request.method == "sessions.list") {
    return peer.answer(request.id, sessions_payload(request.params));
  }
  if (request.method == "sessions.subscribe") {
    return peer.answer(request.id, R"({"subscribed":true})");
  }
  if (request.method == "system-presence") {
    return peer.answer(request.id, R"([{"host":"vm","mode":"gateway","reason":"self","ts":2}])");
  }
  peer.refuse(request.id, R"({"code":"INVALID_REQUEST","message":"unknown method"})");
}

}  // namespace cc::gateway::testing
