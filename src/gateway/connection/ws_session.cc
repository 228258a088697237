#include "gateway/connection/ws_session.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace cc::gateway {

namespace asio = boost::asio;
using protocol::Challenge;
using protocol::Ending;
using protocol::EventFrame;
using protocol::Frame;
using protocol::Hello;
using protocol::ResponseFrame;

namespace {

constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);
constexpr int kNormal = 1000;
constexpr int kTickTimeout = 4000;
// Not a number, so that no later call can have it.
constexpr std::string_view kConnectId = "connect";

std::string seconds_of(Millis time) {
  return time.count() >= 1000 ? std::to_string(time.count() / 1000) + " s"
                              : std::to_string(time.count()) + " ms";
}

Ending transport_ending(std::string phrase) {
  Ending ending;
  ending.transport = std::move(phrase);
  return ending;
}

/// A person can grant what we ask for. Of another scope a gateway speaks where it takes a method
/// for one that we never call, as after a bit that turned over on the way: nobody should grant
/// that.
bool can_be_granted(const CallFailure& failure) {
  return failure.missing_scope() &&
         std::ranges::find(protocol::kScopes, failure.error.missing_scope) !=
             std::end(protocol::kScopes);
}

Ending ending_of_failure(const CallFailure& failure) {
  Ending ending = transport_ending(failure.text);
  // The rest of the table of errors is about `connect`.
  if (can_be_granted(failure) || failure.error.code == "UNAVAILABLE") ending.error = failure.error;
  return ending;
}

}  // namespace

WsSession::WsSession(Parts parts, Start start)
    : parts_(std::move(parts)),
      start_(std::move(start)),
      calls_(parts_.executor,
             [this](std::string frame) {
               if (stream_) stream_->send(std::move(frame));
             }),
      deadline_(parts_.executor),
      watchdog_(parts_.executor),
      last_heard_(parts_.clock.steady()) {
  net::WsStream::Options options;
  options.endpoint = start_.endpoint;
  options.tls = start_.tls;
  options.user_agent = "control-center/" + start_.version;
  options.message_limit = protocol::kMaxFrameBytes;
  options.connect = parts_.timing.connect;
  options.closing = parts_.timing.closing;
  options.heard = [this] { last_heard_ = parts_.clock.steady(); };
  stream_ = net::WsStream::create(parts_.executor, std::move(options));
}

asio::awaitable<Ending> WsSession::run() {
  const auto self = shared_from_this();
  auto opened = co_await stream_->open();
  if (!opened) co_return final_ending(ending_of(opened.error()));
  auto failed = co_await shake_hands();
  deadline_.cancel();
  if (failed) {
    stream_->abort();
    co_return final_ending(std::move(*failed));
  }
  parts_.tasks.spawn(follow(self));
  parts_.tasks.spawn(watch(self));
  Ending ending = co_await read_on();
  close_down();
  co_return final_ending(std::move(ending));
}

void WsSession::stop() {
  end(transport_ending("stopped"), kNormal, "going away");
}

void WsSession::want_everything(const std::string& why) {
  if (follower_ && !over_) follower_->want_everything(why);
}

std::optional<SteadyTime> WsSession::ready_since() const {
  return follower_ ? follower_->ready_since() : std::nullopt;
}

// ---- handshake
// ------------------------------------------------------------------------------------------

asio::awaitable<std::optional<Ending>> WsSession::shake_hands() {
  end_after(parts_.timing.challenge,
            "no connect.challenge within " + seconds_of(parts_.timing.challenge));
  auto challenge = co_await await_challenge();
  if (!challenge) co_return std::move(challenge.error());
  challenged_at_ = challenge->ts;
  const std::string params = protocol::connect_params(
      *challenge, start_.identity, start_.credentials, start_.protocols, start_.version);
  end_after(parts_.timing.challenge,
            "no answer to connect within " + seconds_of(parts_.timing.challenge));
  stream_->send(protocol::request_frame(kConnectId, "connect", params));
  co_return co_await await_hello();
}

asio::awaitable<std::expected<Frame, Ending>> WsSession::handshake_frame() {
  auto message = co_await stream_->read();
  if (!message) co_return std::unexpected(ending_of(message.error()));
  auto frame = parse(*message);
  if (frame) co_return std::move(*frame);
  co_return std::unexpected(transport_ending("what it sent in the handshake cannot be understood"));
}

asio::awaitable<std::expected<Challenge, Ending>> WsSession::await_challenge() {
  while (true) {
    auto frame = co_await handshake_frame();
    if (!frame) co_return std::unexpected(std::move(frame.error()));
    const auto* event = std::get_if<EventFrame>(&*frame);
    if (event == nullptr || event->name != "connect.challenge") continue;
    auto challenge = protocol::read_challenge(event->payload);
    if (challenge) co_return std::move(*challenge);
    co_return std::unexpected(transport_ending("it sent " + challenge.error().message));
  }
}

asio::awaitable<std::optional<Ending>> WsSession::await_hello() {
  while (true) {
    auto frame = co_await handshake_frame();
    if (!frame) co_return std::move(frame.error());
    const auto* response = std::get_if<ResponseFrame>(&*frame);
    if (response == nullptr || response->id != kConnectId) continue;
    if (!response->ok) co_return co_await refused(response->error);
    const auto hello = protocol::read_hello(response->payload);
    if (!hello) co_return transport_ending("it sent " + hello.error().message);
    welcome(*hello);
    co_return std::nullopt;
  }
}

// The close that follows tells more than the error alone.
asio::awaitable<Ending> WsSession::refused(protocol::WireError error) {
  end_after(parts_.timing.closing, "");
  while (true) {
    auto message = co_await stream_->read();
    if (message) continue;
    Ending ending = ending_of(message.error());
    ending.error = std::move(error);
    own_ending_.reset();
    co_return ending;
  }
}

void WsSession::welcome(const Hello& hello) {
  start_.welcomed(hello);
  silence_ = parts_.timing.watchdog > Millis(0) ? parts_.timing.watchdog : hello.tick_interval * 2;
  follower_ = std::make_shared<FleetFollower>(
      FleetFollower::Parts{parts_.executor, parts_.sink, parts_.clock, parts_.log, parts_.metrics,
                           parts_.reporter, calls_, parts_.timing, parts_.history},
      FleetFollower::Start{peer_of(hello), GatewayAbilities::of(hello), facts_of(hello),
                           start_.seed});
  if (hello.presence) follower_->hello_presence(*hello.presence);
  parts_.log.debug("the gateway said hello", {{"gateway", start_.gateway},
                                              {"protocol", std::to_string(hello.protocol)},
                                              {"version", hello.server_version}});
}

protocol::Peer WsSession::peer_of(const Hello& hello) const {
  protocol::Peer peer{.gateway = start_.gateway,
                      .dialect = protocol::dialect_of(hello.protocol),
                      .presence_version = hello.presence_version};
  if (hello.up_for) peer.started_at = challenged_at_ - hello.up_for->count();
  return peer;
}

LiveFacts WsSession::facts_of(const Hello& hello) const {
  LiveFacts facts{hello.protocol, hello.server_version, parts_.clock.wall(), {}, {}};
  if (hello.up_for) facts.gateway_started_at = facts.connected_at - hello.up_for->count();
  const auto missing = hello.missing_scopes();
  if (missing.empty()) return facts;
  facts.warning =
      Trouble{"The gateway did not grant the right " + missing.front() + "; parts may stay empty.",
              "Give this device or token the scope " + missing.front() +
                  ": `openclaw devices list` on the gateway's machine shows what it has."};
  parts_.log.warn("fewer rights than asked for were granted",
                  {{"gateway", start_.gateway}, {"missing", missing.front()}});
  return facts;
}

// ---- the conversation
// -----------------------------------------------------------------------------------

asio::awaitable<Ending> WsSession::read_on() {
  while (true) {
    auto message = co_await stream_->read();
    if (!message) {
      if (message.error().too_large) parts_.metrics.input_refused(start_.gateway, "size");
      co_return ending_of(message.error());
    }
    handle(*message);
  }
}

// Whatever a frame does to the code that reads it, it costs that frame alone.
void WsSession::handle(std::string_view message) {
  const SteadyTime came = parts_.clock.steady();
  try {
    if (const auto frame = parse(message)) dispatch(*frame);
  } catch (const std::exception& bug) {
    parts_.metrics.input_refused(start_.gateway, "bug");
    parts_.log.error("a frame of the gateway ran into a bug and was dropped",
                     {{"gateway", start_.gateway}, {"what", bug.what()}});
  }
  const std::chrono::duration<double> took = parts_.clock.steady() - came;
  parts_.metrics.frame_understood(start_.gateway, took.count());
}

void WsSession::dispatch(const Frame& frame) {
  if (const auto* event = std::get_if<EventFrame>(&frame)) return follower_->event(*event);
  if (const auto* response = std::get_if<ResponseFrame>(&frame)) calls_.answer(*response);
}

std::optional<Frame> WsSession::parse(std::string_view message) {
  parts_.metrics.frame_received(start_.gateway, message.size());
  protocol::FrameText text{message, net::WsStream::kReadableAfter};
  if (follower_) text = follower_->without_known_rows(text);
  auto frame = parser_.parse(text.bytes, text.readable_after);
  if (frame) return std::move(*frame);
  parts_.metrics.input_refused(start_.gateway, "frame");
  if (!std::exchange(garbage_logged_, true)) {
    parts_.log.warn("a frame of the gateway cannot be understood and is left out",
                    {{"gateway", start_.gateway},
                     {"why", frame.error().message},
                     {"bytes", std::to_string(message.size())}});
  }
  return std::nullopt;
}

asio::awaitable<void> WsSession::follow(std::shared_ptr<WsSession> self) {
  auto failed = co_await self->follower_->run();
  if (failed && failed->kind != CallFailure::Kind::kClosed) {
    self->end(ending_of_failure(*failed), kNormal, "sync failed");
  }
}

// A gateway that stands still while it answers us is not dead; the call has a limit of its own.
asio::awaitable<void> WsSession::watch(std::shared_ptr<WsSession> self) {
  while (!self->over_) {
    const auto silent = self->parts_.clock.steady() - self->last_heard_;
    if (silent >= self->silence_ && !self->calls_.any_waiting()) {
      self->end(transport_ending("nothing was heard for " + seconds_of(self->silence_)),
                kTickTimeout, "tick timeout");
      co_return;
    }
    const auto left = std::chrono::ceil<Millis>(self->silence_ - silent);
    self->watchdog_.expires_after(std::max(left, self->silence_ / 8));
    co_await self->watchdog_.async_wait(kTuple);
  }
}

// ---- endings
// --------------------------------------------------------------------------------------------

void WsSession::end(Ending why, int code, std::string reason) {
  if (over_ || own_ending_) return;
  own_ending_ = std::move(why);
  if (!follower_) return stream_->abort();
  parts_.tasks.spawn(farewell(shared_from_this(), code, std::move(reason)));
}

asio::awaitable<void> WsSession::farewell(std::shared_ptr<WsSession> self, int code,
                                          std::string reason) {
  co_await self->stream_->close(code, std::move(reason));
}

void WsSession::end_after(Millis limit, std::string transport) {
  deadline_.expires_after(limit);
  deadline_.async_wait([weak = weak_from_this(),
                        phrase = std::move(transport)](const boost::system::error_code& ec) {
    const auto self = weak.lock();
    if (ec || !self || self->over_) return;
    if (!self->own_ending_) self->own_ending_ = transport_ending(phrase);
    self->stream_->abort();
  });
}

Ending WsSession::ending_of(const net::WsEnd& end) const {
  Ending ending;
  ending.close_code = end.close_code;
  ending.close_reason = end.close_reason;
  ending.http_status = end.http_status;
  ending.transport = end.transport;
  return ending;
}

Ending WsSession::final_ending(Ending ending) const {
  if (own_ending_) ending = *own_ending_;
  ending.was_ready = ready_since().has_value();
  if (follower_) ending.restart_expected = follower_->restart_expected();
  return ending;
}

void WsSession::close_down() {
  over_ = true;
  calls_.close();
  follower_->stop();
  watchdog_.cancel();
  deadline_.cancel();
}

}  // namespace cc::gateway
