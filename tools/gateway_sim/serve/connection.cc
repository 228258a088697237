#include "gateway_sim/serve/connection.h"

#include <array>
#include <tuple>

#include <boost/json.hpp>

namespace cc::sim {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;
using boost::system::error_code;

constexpr std::size_t kMostBeforeLogin = 64 * 1024;
constexpr std::size_t kMostAfterLogin = 26'214'400;
constexpr Millis kHandshakeDeadline{15'000};
constexpr Millis kCloseDeadline{2'000};
constexpr std::size_t kMostReason = 123;

websocket::stream_base::timeout timeouts(Protocol protocol) {
  websocket::stream_base::timeout timeout{};
  timeout.handshake_timeout = kHandshakeDeadline;
  timeout.idle_timeout = websocket::stream_base::none();
  timeout.keep_alive_pings = false;
  if (protocol == Protocol::kV4) {
    timeout.idle_timeout = std::chrono::seconds(50);  // pings go out at half of it
    timeout.keep_alive_pings = true;
  }
  return timeout;
}

struct CallFrame {
  std::string id;
  std::string method;
  boost::json::object params;
};

std::optional<CallFrame> parse_request(std::string_view text) {
  error_code error;
  const boost::json::value frame =
      boost::json::parse(boost::json::string_view(text.data(), text.size()), error);
  if (error || !frame.is_object()) return std::nullopt;
  const boost::json::object& object = frame.get_object();
  CallFrame call;
  call.id = text_of(object, "id");
  call.method = text_of(object, "method");
  if (text_of(object, "type") != "req" || call.id.empty() || call.method.empty())
    return std::nullopt;
  const auto* params = object.if_contains("params");
  if (params != nullptr && params->is_object()) call.params = params->get_object();
  return call;
}

}  // namespace

Connection::Connection(beast::tcp_stream stream, Gateway& gateway, Rpc& rpc)
    : ws_(std::move(stream)), gateway_(gateway), rpc_(rpc) {}

asio::awaitable<void> Connection::serve(Request upgrade) {
  const auto self = shared_from_this();
  beast::get_lowest_layer(ws_).expires_never();
  beast::get_lowest_layer(ws_).socket().set_option(asio::ip::tcp::no_delay(true));
  ws_.set_option(timeouts(gateway_.protocol()));
  ws_.auto_fragment(false);
  ws_.text(true);
  ws_.read_message_max(kMostBeforeLogin);
  const auto [error] = co_await ws_.async_accept(upgrade, asio::as_tuple(asio::use_awaitable));
  if (error) co_return;
  ++gateway_.stats().upgraded;
  gateway_.stats().last_user_agent = std::string(upgrade[beast::http::field::user_agent]);
  send_challenge();
  watch_handshake();
  co_await read_all();
  gone_ = true;
  gateway_.leave(*this);
  while (gateway_.faults().hanging) {
    asio::steady_timer timer(ws_.get_executor(), Millis{50});
    co_await timer.async_wait(asio::use_awaitable);
  }
  if (!close_sent_) drop();
}

asio::awaitable<void> Connection::read_all() {
  beast::flat_buffer buffer;
  while (true) {
    const auto [error, size] = co_await ws_.async_read(buffer, asio::as_tuple(asio::use_awaitable));
    if (error) co_return;
    const auto data = buffer.cdata();
    if (!gateway_.faults().hanging) handle({static_cast<const char*>(data.data()), data.size()});
    buffer.consume(size);
  }
}

void Connection::send_challenge() {
  challenge_ = {gateway_.door().draw_id(), gateway_.now()};
  client_.connection_id = gateway_.door().draw_id();
  const Event event = make_event("connect.challenge", Audience::kAll, [&](JsonWriter& json) {
    json.field("nonce", challenge_.nonce).field("ts", challenge_.at);
    if (gateway_.protocol() == Protocol::kV4)
      json.raw(R"("capabilities":["model-catalog-snapshot"])");
  });
  enqueue({event.body, "}"});
}

void Connection::watch_handshake() {
  gateway_.scheduler().after(kHandshakeDeadline, [weak = weak_from_this()] {
    const auto self = weak.lock();
    if (self && !self->admitted_) self->close(1000, "");
  });
}

void Connection::handle(std::string_view text) {
  const std::optional<CallFrame> request = parse_request(text);
  if (request) {
    count(gateway_.stats().requests, request->method);
    handle_request(request->id, request->method, request->params);
  } else if (!admitted_) {
    close(1000, "");
  }
}

void Connection::handle_request(const std::string& id, const std::string& method,
                                const boost::json::object& params) {
  if (closing_) return;
  if (admitted_) {
    call(id, method, params);
  } else if (method != "connect") {
    refuse(id, *refusal_named("invalid-handshake", gateway_.protocol()));
  } else {
    handshake(id, params);
  }
}

void Connection::call(const std::string& id, const std::string& method,
                      const boost::json::object& params) {
  const auto fault = fault_of(method);
  if (!fault) return answer(id, method, rpc_.call(client_, method, params));
  using enum CallFault::Kind;
  switch (fault->kind) {
    case kRefused: return answer(id, method, std::unexpected(fault->refusal));
    case kDropBefore: return drop();
    case kRaced:
      gateway_.decide_otherwise(text_of(params, "id"), text_of(params, "decision"));
      break;
    case kTwice: std::ignore = rpc_.call(client_, method, params); break;
    case kDropAfter:
    case kLost: break;
  }
  const Answer done = rpc_.call(client_, method, params);
  if (fault->kind == kDropAfter) return drop();
  if (fault->kind != kLost) answer(id, method, done);
}

std::optional<CallFault> Connection::fault_of(const std::string& method) {
  auto& calls = gateway_.faults().calls;
  const auto& next = calls.peek();
  if (!next || (!next->method.empty() && next->method != method)) return std::nullopt;
  return calls.take();
}

std::optional<Refusal> Connection::refused_by_fault() {
  if (gateway_.now() < gateway_.faults().starting_until)
    return refusal_named("starting", gateway_.protocol());
  return gateway_.faults().refuse.take();
}

void Connection::handshake(const std::string& id, const boost::json::object& params) {
  if (const auto refusal = refused_by_fault()) return refuse(id, *refusal);
  auto admission = gateway_.door().admit(params, challenge_, gateway_.now());
  if (!admission) return refuse(id, admission.error());
  welcome(id, std::move(*admission));
}

void Connection::welcome(const std::string& id, Admission admission) {
  const std::string connection_id = client_.connection_id;
  client_ = std::move(admission.client);
  client_.connection_id = connection_id;
  admitted_ = true;
  ws_.read_message_max(kMostAfterLogin);
  ++gateway_.stats().admitted;
  std::string hello;
  JsonWriter json(hello);
  write_hello(json, gateway_.world(), gateway_.facts(),
              {std::move(admission.auth), connection_id, rpc_.names()}, gateway_.now());
  respond(id, hello);
  gateway_.join(*this);
}

void Connection::refuse(const std::string& id, const Refusal& refusal) {
  ++gateway_.stats().refused;
  respond(id, std::unexpected(refusal));
  close(refusal.close_code, refusal.close_reason.empty() ? refusal.message : refusal.close_reason);
}

void Connection::answer(const std::string& id, const std::string& method, const Answer& answer) {
  const Faults& faults = gateway_.faults();
  const bool slow =
      faults.slow.count() > 0 && (faults.slow_method.empty() || faults.slow_method == method);
  if (!slow) return respond(id, answer);
  gateway_.scheduler().after(faults.slow, [weak = weak_from_this(), id, answer] {
    if (const auto self = weak.lock()) self->respond(id, answer);
  });
}

void Connection::respond(const std::string& id, const Answer& answer) {
  if (gateway_.faults().hanging || gateway_.faults().mute) return;
  std::string text;
  JsonWriter json(text);
  json.begin_object().field("type", "res").field("id", id).field("ok", answer.has_value());
  if (answer) {
    json.key("payload").raw(*answer);
  } else {
    json.key("error");
    write_refusal(json, answer.error());
  }
  json.end_object();
  send_text(std::move(text));
}

void Connection::deliver(const Event& event) {
  if (gone_ || closing_) return;
  if (buffered_ > gateway_.options().max_buffered_bytes) {
    if (event.droppable) {
      ++gateway_.stats().dropped_frames;
    } else {
      throw_out();
    }
    return;
  }
  std::string tail;
  if (!event.targeted || gateway_.protocol() == Protocol::kV4)
    tail = ",\"seq\":" + std::to_string(++seq_);
  if (event.with_state_version) {
    tail += ",\"stateVersion\":{\"presence\":" + std::to_string(gateway_.facts().presence_version) +
            ",\"health\":" + std::to_string(gateway_.facts().health_version) + '}';
  }
  tail += '}';
  count(gateway_.stats().frames, event.name);
  enqueue({event.body, std::move(tail)});
}

void Connection::send_text(std::string text) {
  if (closing_) return;
  enqueue({std::make_shared<const std::string>(std::move(text)), {}});
}

void Connection::enqueue(Outgoing frame) {
  if (gone_) return;
  buffered_ += frame.size();
  gateway_.stats().sent_bytes += frame.size();
  queue_.push_back(std::move(frame));
  if (!writing_) write_next();
}

void Connection::write_next() {
  if (queue_.empty()) {
    if (closing_) finish_closing();
    return;
  }
  writing_ = true;
  const std::array<asio::const_buffer, 2> frame{asio::buffer(*queue_.front().body),
                                                asio::buffer(queue_.front().tail)};
  ws_.async_write(frame, [self = shared_from_this()](error_code error, std::size_t) {
    self->writing_ = false;
    self->buffered_ -= self->queue_.front().size();
    self->queue_.pop_front();
    if (!error) return self->write_next();
    self->gone_ = true;
    self->drop();
  });
}

void Connection::close(std::uint16_t code, std::string reason) {
  if (closing_ || gone_) return;
  if (reason.size() > kMostReason) reason.resize(kMostReason);
  closing_ = Closing{code, std::move(reason)};
  gateway_.scheduler().after(kCloseDeadline, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->drop();
  });
  if (!writing_ && queue_.empty()) finish_closing();
}

void Connection::finish_closing() {
  if (close_sent_) return;
  close_sent_ = true;
  const websocket::close_reason reason(static_cast<websocket::close_code>(closing_->code),
                                       closing_->reason);
  ws_.async_close(reason, [self = shared_from_this()](error_code) {});
}

void Connection::throw_out() {
  ++gateway_.stats().slow_consumers;
  while (queue_.size() > 1) {
    buffered_ -= queue_.back().size();
    queue_.pop_back();
  }
  close(1008, "slow consumer");
}

void Connection::drop() {
  error_code ignored;
  beast::get_lowest_layer(ws_).socket().close(ignored);
}

void Connection::hang() {
  ws_.set_option(timeouts(Protocol::kV3));
  beast::get_lowest_layer(ws_).cancel();
}

}  // namespace cc::sim
