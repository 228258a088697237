#include "gateway/connection/handshake.h"

#include <utility>

#include "gateway/connection/endings.h"

namespace cc::gateway {

namespace asio = boost::asio;
using protocol::Ending;

namespace {

// Not a number, so that no later call can have the same id.
constexpr std::string_view kConnectId = "connect";

}  // namespace

Handshake::Handshake(const asio::any_io_executor& executor, std::shared_ptr<net::WsStream> stream,
                     const Offer& offer, const Timing& timing, Parse parse)
    : stream_(std::move(stream)),
      offer_(offer),
      timing_(timing),
      parse_(std::move(parse)),
      timer_(executor) {}

Handshake::Outcome<Handshake::Welcome> Handshake::run() {
  auto outcome = co_await converse();
  deadline_->over = true;
  timer_.cancel();
  co_return outcome;
}

Handshake::Outcome<Handshake::Welcome> Handshake::converse() {
  drop_after(timing_.challenge, "no connect.challenge within " + seconds_of(timing_.challenge));
  auto challenge = co_await await_challenge();
  if (!challenge) co_return std::unexpected(std::move(challenge.error()));
  const std::string params =
      protocol::connect_params(*challenge, offer_.identity, offer_.credentials, offer_.protocols,
                               offer_.version, offer_.access);
  drop_after(timing_.challenge, "no answer to connect within " + seconds_of(timing_.challenge));
  stream_->send(protocol::request_frame(kConnectId, "connect", params));
  auto hello = co_await await_hello();
  if (!hello) co_return std::unexpected(std::move(hello.error()));
  co_return Welcome{.hello = std::move(*hello), .challenged_at = challenge->ts};
}

Handshake::Outcome<protocol::Frame> Handshake::next_frame() {
  auto message = co_await stream_->read();
  if (!message) co_return std::unexpected(ending_of_read(message.error()));
  auto frame = parse_(*message);
  if (frame) co_return std::move(*frame);
  co_return std::unexpected(transport_ending("what it sent in the handshake cannot be understood"));
}

Handshake::Outcome<protocol::Challenge> Handshake::await_challenge() {
  while (true) {
    auto frame = co_await next_frame();
    if (!frame) co_return std::unexpected(std::move(frame.error()));
    const auto* event = std::get_if<protocol::EventFrame>(&*frame);
    if (event == nullptr || event->name != "connect.challenge") continue;
    auto challenge = protocol::read_challenge(event->payload);
    if (challenge) co_return std::move(*challenge);
    co_return std::unexpected(transport_ending("it sent " + challenge.error().message));
  }
}

Handshake::Outcome<protocol::Hello> Handshake::await_hello() {
  while (true) {
    auto frame = co_await next_frame();
    if (!frame) co_return std::unexpected(std::move(frame.error()));
    const auto* response = std::get_if<protocol::ResponseFrame>(&*frame);
    if (response == nullptr || response->id != kConnectId) continue;
    if (!response->ok) co_return std::unexpected(co_await refused(response->error));
    auto hello = protocol::read_hello(response->payload);
    if (hello) co_return std::move(*hello);
    co_return std::unexpected(transport_ending("it sent " + hello.error().message));
  }
}

// The close that follows may tell more than the error.
asio::awaitable<Ending> Handshake::refused(protocol::WireError error) {
  drop_after(timing_.closing, "");
  while (true) {
    auto message = co_await stream_->read();
    if (message) continue;
    Ending ending = ending_of(message.error());
    ending.error = std::move(error);
    co_return ending;
  }
}

void Handshake::drop_after(Millis limit, std::string phrase) {
  timer_.expires_after(limit);
  timer_.async_wait([stream = stream_, deadline = deadline_,
                     missed = std::move(phrase)](const boost::system::error_code& ec) {
    if (ec || deadline->over) return;
    deadline->missed = missed;
    stream->abort();
  });
}

Ending Handshake::ending_of_read(const net::WsEnd& end) const {
  return deadline_->missed.empty() ? ending_of(end) : transport_ending(deadline_->missed);
}

}  // namespace cc::gateway
