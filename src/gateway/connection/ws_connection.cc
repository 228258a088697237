#include "gateway/connection/ws_connection.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "gateway/connection/endings.h"
#include "net/completion.h"

namespace cc::gateway {

namespace asio = boost::asio;
using net::kTuple;
using protocol::Ending;
using protocol::EventFrame;
using protocol::Frame;
using protocol::Hello;
using protocol::ResponseFrame;

namespace {

constexpr int kNormal = 1000;
constexpr int kTickTimeout = 4000;

/// A person can grant what we ask for. Of another scope a gateway speaks where it takes a method
/// for one that we never call, as after a bit that turned over on the way: nobody should grant
/// that.
bool can_be_granted(const CallFailure& failure) {
  return failure.missing_scope() &&
         failure.error.missing_scope == command::text(command::Scope::kRead);
}

Ending ending_of_failure(const CallFailure& failure) {
  Ending ending = transport_ending(failure.text);
  // The rest of the table of errors is about `connect`.
  if (can_be_granted(failure) || failure.error.code == "UNAVAILABLE") ending.error = failure.error;
  return ending;
}

net::WsStream::Options stream_options(const LinkContext& link,
                                      const WsConnection::Options& options) {
  return {.endpoint = options.endpoint,
          .tls = {link.options.tls_fingerprint},
          .user_agent = link.user_agent(),
          .headers = options.headers,
          .message_limit = protocol::kMaxFrameBytes,
          .connect = link.timing().connect,
          .closing = link.timing().closing};
}

}  // namespace

WsConnection::WsConnection(const LinkContext& link, Options options)
    : link_(link),
      options_(std::move(options)),
      last_heard_(link.clock.steady()),
      stream_(net::WsStream::create(link.executor, stream_options(link, options_),
                                    [this] { last_heard_ = link_.clock.steady(); })),
      calls_(
          link.executor, [this](std::string frame) { stream_->send(std::move(frame)); },
          [this](Millis time) { return link_.clock.steady() - last_heard_ < time; }),
      watchdog_(link.executor) {}

asio::awaitable<Ending> WsConnection::run() {
  const auto self = shared_from_this();
  auto opened = co_await stream_->open();
  if (!opened) co_return final_ending(ending_of(opened.error()));
  auto failed = co_await shake_hands();
  if (failed) {
    stream_->abort();
    co_return final_ending(std::move(*failed));
  }
  link_.tasks.spawn(follow(self));
  link_.tasks.spawn(watch(self));
  Ending ending = co_await read_on();
  close_down();
  co_return final_ending(std::move(ending));
}

void WsConnection::stop() {
  end(transport_ending("stopped"), kNormal, "going away");
}

void WsConnection::request_resync(const std::string& why) {
  if (follower_ && !over_) follower_->request_resync(why);
}

void WsConnection::request_check(const std::string& session) {
  if (follower_ && !over_) follower_->request_check(session);
}

std::optional<SteadyTime> WsConnection::ready_since() const {
  return follower_ ? follower_->ready_since() : std::nullopt;
}

asio::awaitable<std::optional<Ending>> WsConnection::shake_hands() {
  const Handshake::Offer offer{.identity = link_.identity,
                               .credentials = options_.credentials,
                               .protocols = link_.options.protocols,
                               .version = link_.version,
                               .access = options_.access};
  Handshake handshake(link_.executor, stream_, offer, link_.timing(),
                      [this](std::string_view message) { return parse(received(message)); });
  auto welcomed = co_await handshake.run();
  if (!welcomed) co_return std::move(welcomed.error());
  welcome(*welcomed);
  co_return std::nullopt;
}

void WsConnection::welcome(const Handshake::Welcome& welcome) {
  const Hello& hello = welcome.hello;
  options_.welcomed(hello);
  const Millis watchdog = link_.timing().watchdog;
  silence_ = watchdog > Millis(0) ? watchdog : hello.tick_interval * 2;
  follower_ = std::make_shared<FleetFollower>(
      link_, calls_,
      FleetFollower::Options{.peer = peer_of(welcome),
                             .abilities = GatewayAbilities::of(hello, options_.access),
                             .facts = facts_of(hello),
                             .seed = options_.seed,
                             .ready = [this, peer = commands_of(hello)] {
                               link_.commander.opened({shared_from_this(), &calls_}, peer);
                             }});
  if (hello.presence) follower_->hello_presence(*hello.presence);
  link_.log.debug("the gateway said hello", {{"gateway", link_.gateway()},
                                             {"protocol", std::to_string(hello.protocol)},
                                             {"version", hello.server_version}});
}

protocol::Peer WsConnection::peer_of(const Handshake::Welcome& welcome) const {
  const Hello& hello = welcome.hello;
  protocol::Peer peer{.gateway = link_.gateway(),
                      .dialect = hello.dialect(),
                      .presence_version = hello.presence_version};
  if (hello.up_for) peer.started_at = welcome.challenged_at - hello.up_for->count();
  return peer;
}

/// What most people will want to know before they wonder why nothing is asked.
std::optional<Trouble> WsConnection::warning_of_visibility(const Hello& hello) const {
  const bool sees_all = hello.grants(command::Scope::kAdmin);
  if (options_.access != command::Access::kOperate || hello.protocol < 4 || sees_all) {
    return std::nullopt;
  }
  return Trouble{
      "This gateway shows approvals of runs that others started only to the access admin.",
      "Set " + link_.options.settings.access + " to admin to see and decide all of them."};
}

Commander::Peer WsConnection::commands_of(const Hello& hello) {
  Commander::Peer peer{.protocol = hello.protocol,
                       .can = hello.can(options_.access),
                       .gateway_started_at = {},
                       .read_again = [this](const std::string& key) { request_check(key); }};
  if (hello.up_for) peer.gateway_started_at = link_.clock.wall() - hello.up_for->count();
  return peer;
}

LiveFacts WsConnection::facts_of(const Hello& hello) const {
  LiveFacts facts{.protocol = hello.protocol,
                  .server_version = hello.server_version,
                  .connected_at = link_.clock.wall(),
                  .can = hello.can(options_.access)};
  if (hello.up_for) facts.gateway_started_at = facts.connected_at - hello.up_for->count();
  facts.warning = options_.reduced;
  if (!facts.warning) facts.warning = warning_of_visibility(hello);
  const auto missing = hello.missing_scopes(options_.access);
  if (missing.empty()) return facts;
  facts.warning =
      Trouble{"The gateway did not grant the right " + missing.front() + "; parts may stay empty.",
              "Give this device or token the scope " + missing.front() +
                  ": `openclaw devices list` on the gateway's machine shows what it has."};
  link_.log.warn("fewer rights than asked for were granted",
                 {{"gateway", link_.gateway()}, {"missing", missing.front()}});
  return facts;
}

asio::awaitable<Ending> WsConnection::read_on() {
  while (true) {
    auto message = co_await stream_->read();
    if (!message) {
      if (message.error().too_large) link_.metrics.input_refused(link_.gateway(), "size");
      const bool is_list = message.error().too_large && calls_.waits_for("sessions.list");
      if (is_list) link_.history->ask_for_fewer_rows();
      co_return ending_of(message.error());
    }
    handle(*message);
  }
}

// If a frame makes the parser throw, only that frame is lost.
void WsConnection::handle(std::string_view message) {
  const SteadyTime came = link_.clock.steady();
  try {
    if (const auto frame = parse(calls_.shorten(received(message)))) dispatch(*frame);
  } catch (const std::exception& bug) {
    link_.metrics.input_refused(link_.gateway(), "bug");
    link_.log.error("a frame of the gateway ran into a bug and was dropped",
                    {{"gateway", link_.gateway()}, {"what", bug.what()}});
  }
  const std::chrono::duration<double> took = link_.clock.steady() - came;
  link_.metrics.frame_understood(link_.gateway(), took.count());
}

void WsConnection::dispatch(const Frame& frame) {
  if (const auto* event = std::get_if<EventFrame>(&frame)) return follower_->event(*event);
  if (const auto* response = std::get_if<ResponseFrame>(&frame)) calls_.answer(*response);
}

protocol::FrameText WsConnection::received(std::string_view message) {
  link_.metrics.frame_received(link_.gateway(), message.size());
  return {message, net::WsStream::kReadableAfter};
}

std::optional<Frame> WsConnection::parse(protocol::FrameText text) {
  auto frame = parser_.parse(text.bytes, text.readable_after);
  if (frame) return std::move(*frame);
  link_.metrics.input_refused(link_.gateway(), "frame");
  if (!std::exchange(garbage_logged_, true)) {
    link_.log.warn("a frame of the gateway cannot be understood and is left out",
                   {{"gateway", link_.gateway()},
                    {"why", frame.error().message},
                    {"bytes", std::to_string(text.bytes.size())}});
  }
  return std::nullopt;
}

asio::awaitable<void> WsConnection::follow(std::shared_ptr<WsConnection> self) {
  auto failed = co_await self->follower_->run();
  if (failed && failed->kind != CallFailure::Kind::kClosed) {
    self->end(ending_of_failure(*failed), kNormal, "sync failed");
  }
}

// A gateway that is busy answering us is not dead. The call has its own limit.
asio::awaitable<void> WsConnection::watch(std::shared_ptr<WsConnection> self) {
  while (!self->over_) {
    const auto silent = self->link_.clock.steady() - self->last_heard_;
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

void WsConnection::end(Ending why, int code, std::string reason) {
  if (over_ || own_ending_) return;
  own_ending_ = std::move(why);
  if (!follower_) return stream_->abort();
  link_.tasks.spawn(farewell(shared_from_this(), code, std::move(reason)));
}

asio::awaitable<void> WsConnection::farewell(std::shared_ptr<WsConnection> self, int code,
                                             std::string reason) {
  co_await self->stream_->close(code, std::move(reason));
}

Ending WsConnection::final_ending(Ending ending) const {
  if (own_ending_) ending = *own_ending_;
  ending.was_ready = ready_since().has_value();
  if (follower_) ending.restart_expected = follower_->restart_expected();
  return ending;
}

void WsConnection::close_down() {
  over_ = true;
  link_.commander.closed();
  calls_.close();
  follower_->stop();
  watchdog_.cancel();
}

}  // namespace cc::gateway
