#include "gateway/link.h"

#include <random>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/random.h"
#include "gateway/connection/ws_client.h"
#include "gateway/fallback/rest_poller.h"
#include "gateway/link_context.h"

namespace cc::gateway {

namespace asio = boost::asio;

namespace {

std::uint64_t fresh_seed() {
  std::uint64_t seed = 0;
  for (const auto byte : random_bytes<8>()) seed = seed << 8U | byte;
  return seed;
}

}  // namespace

class Link::Impl : public std::enable_shared_from_this<Impl> {
 public:
  Impl(Parts parts, LinkOptions options)
      : options_(std::move(options)),
        tasks_(parts.executor, [this] { return weak_from_this().lock(); }),
        reporter_(
            {.sink = parts.sink, .clock = parts.clock, .log = parts.log, .metrics = parts.metrics},
            options_.name,
            SourceArbiter(
                {.ws = options_.ws_url.has_value(), .rest = options_.rest_url.has_value()},
                options_.ws_ready_timeout, parts.clock.steady(), options_.settings),
            [this] {
              if (rest_) rest_->reconsider();
            }),
        commander_({.executor = parts.executor,
                    .sink = parts.sink,
                    .clock = parts.clock,
                    .log = parts.log,
                    .tasks = tasks_,
                    .fleet = parts.fleet,
                    .owner = [this] { return weak_from_this().lock(); }},
                   options_.name),
        context_{.executor = parts.executor,
                 .sink = parts.sink,
                 .clock = parts.clock,
                 .log = parts.log,
                 .metrics = parts.metrics,
                 .options = options_,
                 .identity = std::move(parts.identity),
                 .version = CC_VERSION,
                 .reporter = reporter_,
                 .tasks = tasks_,
                 .commander = commander_,
                 .history = std::make_shared<LinkHistory>()},
        resync_timer_(parts.executor) {}

  void start() {
    asio::post(context_.executor, [self = shared_from_this()] { self->start_here(); });
  }

  void stop(std::function<void()> stopped) {
    asio::post(context_.executor, [self = shared_from_this(), done = std::move(stopped)]() mutable {
      self->stop_here(std::move(done));
    });
  }

  void request_resync(std::string reason) {
    asio::post(context_.executor, [self = shared_from_this(), why = std::move(reason)]() mutable {
      self->resync_soon(std::move(why));
    });
  }

  void retry_now() {
    asio::post(context_.executor, [self = shared_from_this()] {
      if (self->ws_ && !self->stopped_) self->ws_->retry_now();
    });
  }

  void has_too_many(bool too_many) {
    asio::post(context_.executor, [self = shared_from_this(), too_many] {
      if (!self->stopped_) self->reporter_.has_too_many(too_many);
    });
  }

  void published(std::shared_ptr<const fleet::Command> command) {
    asio::post(context_.executor, [self = shared_from_this(), row = std::move(command)]() mutable {
      self->commander_.published(std::move(row));
    });
  }

  void read(fleet::Reading what, std::function<void(Result<std::string>)> done) {
    asio::post(context_.executor, [self = shared_from_this(), reading = std::move(what),
                                   answer = std::move(done)]() mutable {
      self->commander_.read(std::move(reading), std::move(answer));
    });
  }

  void request_check(std::string key) {
    asio::post(context_.executor, [self = shared_from_this(), session = std::move(key)] {
      if (self->ws_ && !self->stopped_) self->ws_->request_check(session);
    });
  }

 private:
  static asio::awaitable<void> run_ws(std::shared_ptr<Impl> self) { co_await self->ws_->run(); }
  static asio::awaitable<void> run_rest(std::shared_ptr<Impl> self) { co_await self->rest_->run(); }

  void start_here() {
    if (stopped_) return;
    reporter_.start();
    if (options_.ws_url) start_ws(net::Endpoint::parse(*options_.ws_url));
    if (options_.rest_url) start_rest(net::Endpoint::parse(*options_.rest_url));
  }

  void start_ws(Result<net::Endpoint> endpoint) {
    if (!endpoint) {
      return reporter_.blocked(
          {.detail = "The address of the gateway " + endpoint.error().message + ".",
           .action = "Set " + options_.settings.ws_url + "."});
    }
    ws_.emplace(context_, std::move(*endpoint), fresh_seed());
    tasks_.spawn(run_ws(shared_from_this()));
  }

  void start_rest(Result<net::Endpoint> endpoint) {
    if (!endpoint) {
      return context_.log.error("the REST endpoint cannot be polled",
                                {{"gateway", options_.name}, {"why", endpoint.error().message}});
    }
    rest_.emplace(context_, std::move(*endpoint));
    tasks_.spawn(run_rest(shared_from_this()));
  }

  void stop_here(std::function<void()> stopped) {
    stopped_ = true;
    commander_.stop();
    resync_timer_.cancel();
    if (ws_) ws_->stop();
    if (rest_) rest_->stop();
    tasks_.when_idle(std::move(stopped));
  }

  // Drops come in bursts. One resync answers a whole burst, and a pause follows, so that failing
  // storage does not cause a storm of resyncs.
  void resync_soon(std::string why) {
    context_.history->known.forget();
    if (stopped_ || resync_planned_) return;
    resync_planned_ = true;
    resync_timer_.expires_after(options_.timing.sessions_spacing);
    resync_timer_.async_wait(
        [self = shared_from_this(), reason = std::move(why)](const boost::system::error_code& ec) {
          self->resync_planned_ = false;
          if (!ec && !self->stopped_) self->resync_now(reason);
        });
  }

  void resync_now(const std::string& why) {
    reporter_.repeat();
    if (ws_) ws_->request_resync(why);
  }

  LinkOptions options_;
  Tasks tasks_;
  SourceReporter reporter_;
  Commander commander_;
  const LinkContext context_;
  std::optional<WsClient> ws_;
  std::optional<RestPoller> rest_;
  asio::steady_timer resync_timer_;
  bool resync_planned_ = false;
  bool stopped_ = false;
};

Link::Link(Parts parts, LinkOptions options)
    : impl_(std::make_shared<Impl>(std::move(parts), std::move(options))) {}

Link::~Link() = default;

void Link::start() {
  impl_->start();
}

void Link::stop(std::function<void()> stopped) {
  impl_->stop(std::move(stopped));
}

void Link::published(std::shared_ptr<const fleet::Command> command) {
  impl_->published(std::move(command));
}

void Link::read(fleet::Reading what, std::function<void(Result<std::string>)> done) {
  impl_->read(std::move(what), std::move(done));
}

void Link::request_check(const std::string& session) {
  impl_->request_check(session);
}

void Link::retry_now() {
  impl_->retry_now();
}

void Link::has_too_many(bool too_many) {
  impl_->has_too_many(too_many);
}

void Link::request_resync(const std::string& reason) {
  impl_->request_resync(reason);
}

}  // namespace cc::gateway
