#include "gateway/connection/ws_client.h"

#include <utility>

#include "base/text.h"
#include "gateway/connection/endings.h"
#include "net/completion.h"

namespace cc::gateway {

namespace asio = boost::asio;
using net::kTuple;
using protocol::Ending;
using protocol::Hello;
using protocol::Verdict;

namespace {

constexpr Millis kShortestWait{100};
constexpr std::string_view kFixFile =
    "Make the file readable for this program alone; it is read again every few seconds.";

}  // namespace

WsClient::WsClient(const LinkContext& link, net::Endpoint endpoint, std::uint64_t seed)
    : link_(link),
      endpoint_(std::move(endpoint)),
      tokens_(link.options.device_tokens),
      token_key_{ws_name(endpoint_), link.identity.id()},
      backoff_(link.timing().backoff_first, link.timing().backoff_most, seed),
      seed_(seed),
      pause_(link.executor) {}

asio::awaitable<void> WsClient::run() {
  const Timing& timing = link_.timing();
  while (!stopped_) {
    hurried_ = false;
    tried_at_ = link_.clock.steady();
    auto attempt = prepare();
    if (!attempt) {
      link_.reporter.blocked({attempt.error().message, std::string(kFixFile)});
      link_.reporter.trying_again_in(timing.token_recheck);
      co_await wait(timing.token_recheck);
      continue;
    }
    const Ending ending = co_await connect(*attempt);
    if (stopped_) break;
    const Verdict verdict = judge(ending, context(*attempt));
    if (asks_for_too_much(ending)) {
      reduced_ = Trouble{verdict.detail, unless_empty(verdict.action)};
      continue;
    }
    const Millis delay = act_on(verdict);
    link_.reporter.trying_again_in(delay);
    if (verdict.kind == Verdict::Kind::kBlocked && delay > Millis(0)) {
      co_await wait_blocked(delay);
    } else {
      co_await wait(delay);
    }
    co_await keep_apart();
  }
}

void WsClient::stop() {
  stopped_ = true;
  pause_.cancel();
  if (connection_) connection_->stop();
}

void WsClient::retry_now() {
  if (connection_) return;
  hurried_ = true;
  pause_.cancel();
}

void WsClient::request_check(const std::string& session) {
  if (connection_) connection_->request_check(session);
}

void WsClient::request_resync(const std::string& why) {
  if (connection_) connection_->request_resync(why);
}

Result<WsClient::Attempt> WsClient::prepare() {
  auto token = read_secret(link_.options.token);
  if (!token) return std::unexpected(token.error());
  auto password = read_secret(link_.options.password);
  if (!password) return std::unexpected(password.error());
  auto device_token = stored_device_token();
  if (!device_token) return std::unexpected(device_token.error());
  auto headers = read_headers(link_.options.headers);
  if (!headers) return std::unexpected(headers.error());
  last_token_ = *token;
  last_password_ = *password;
  Attempt attempt;
  attempt.headers = *std::move(headers);
  attempt.has_shared_secret = !token->empty() || !password->empty();
  attempt.has_device_token = !device_token->empty();
  const Instead instead = std::exchange(instead_, Instead::kNothing);
  if (instead != Instead::kNoDeviceToken) attempt.shown.device_token = std::move(*device_token);
  if (instead != Instead::kDeviceToken) {
    attempt.shown.token = std::move(*token);
    attempt.shown.password = std::move(*password);
  }
  return attempt;
}

// A damaged file does not stop us: the next hello brings a new token.
Result<Secret> WsClient::stored_device_token() {
  if (link_.options.device_tokens.empty()) return Secret();
  auto token = tokens_.find(token_key_);
  if (token || token.error().code == ErrorCode::kRefused) return token;
  link_.log.warn("the stored device token cannot be used",
                 {{"gateway", link_.gateway()}, {"why", token.error().message}});
  return Secret();
}

asio::awaitable<Ending> WsClient::connect(const Attempt& attempt) {
  link_.metrics.connect_attempt(link_.gateway());
  link_.reporter.trying();
  connection_ = std::make_shared<WsConnection>(
      link_, WsConnection::Options{.endpoint = endpoint_,
                                   .credentials = attempt.shown,
                                   .headers = attempt.headers,
                                   .seed = ++seed_,
                                   .welcomed = [this](const Hello& hello) { welcomed(hello); },
                                   .access = access(),
                                   .reduced = reduced_});
  Ending ending = co_await connection_->run();
  const auto ready = connection_->ready_since();
  if (ready) reduced_.reset();  // a person may have granted the rest meanwhile
  connection_.reset();
  const SteadyTime now = link_.clock.steady();
  if (ready && now - *ready >= link_.timing().proved_after) {
    backoff_.reset();
    doubt_.good();
  }
  co_return ending;
}

command::Access WsClient::access() const {
  return reduced_ ? command::Access::kRead : link_.options.access;
}

/// More rights than a person has granted yet are no reason to see nothing.
bool WsClient::asks_for_too_much(const Ending& ending) const {
  if (access() == command::Access::kRead || !ending.error) return false;
  return ending.error->detail_reason == "scope-upgrade" ||
         ending.error->detail_code == "AUTH_SCOPE_MISMATCH";
}

void WsClient::welcomed(const Hello& hello) {
  tried_with_device_token_ = false;
  tried_without_device_token_ = false;
  if (hello.device_token.empty() || link_.options.device_tokens.empty()) return;
  const auto stored = tokens_.store(token_key_, hello.device_token);
  if (stored) return;
  link_.log.warn("the device token of the gateway cannot be kept",
                 {{"gateway", link_.gateway()}, {"why", stored.error().message}});
}

protocol::RefusalContext WsClient::context(const Attempt& attempt) const {
  auto context = refusal_context(link_.options, endpoint_);
  context.has_shared_secret = attempt.has_shared_secret;
  context.has_device_token = attempt.has_device_token;
  context.stale_before = stale_in_a_row_;
  return context;
}

Millis WsClient::act_on(const Verdict& verdict) {
  const Trouble trouble{verdict.detail, unless_empty(verdict.action)};
  if (doubts(verdict)) return back_off(trouble);
  if (verdict.forget_device_token) forget_device_token();
  stale_in_a_row_ = verdict.stale ? stale_in_a_row_ + 1 : 0;
  if (retries_at_once(verdict)) {
    link_.reporter.lost(trouble);
    return Millis(0);
  }
  switch (verdict.kind) {
    case Verdict::Kind::kBlocked:
      link_.reporter.blocked(trouble);
      return std::max(verdict.delay, link_.timing().least_blocked);
    case Verdict::Kind::kRetryAfter:
      link_.reporter.lost(trouble);
      return std::max(verdict.delay, kShortestWait);
    case Verdict::Kind::kBackoff: break;
  }
  return back_off(trouble);
}

bool WsClient::doubts(const Verdict& verdict) {
  return verdict.kind == Verdict::Kind::kBlocked && !doubt_.believes();
}

Millis WsClient::back_off(const Trouble& trouble) {
  link_.reporter.lost(trouble);
  return backoff_.next();
}

bool WsClient::retries_at_once(const Verdict& verdict) {
  if (verdict.retry_with_device_token && !std::exchange(tried_with_device_token_, true)) {
    instead_ = Instead::kDeviceToken;
    return true;
  }
  if (verdict.retry_without_device_token && !std::exchange(tried_without_device_token_, true)) {
    instead_ = Instead::kNoDeviceToken;
    return true;
  }
  return false;
}

void WsClient::forget_device_token() {
  const auto forgotten = tokens_.forget(token_key_);
  if (forgotten) return;
  link_.log.warn("a device token that was refused cannot be deleted",
                 {{"gateway", link_.gateway()}, {"why", forgotten.error().message}});
}

asio::awaitable<void> WsClient::wait(Millis time) {
  if (stopped_ || time <= Millis(0)) co_return;
  pause_.expires_after(time);
  co_await pause_.async_wait(kTuple);
}

asio::awaitable<void> WsClient::keep_apart() {
  const SteadyTime until = tried_at_ + link_.timing().backoff_first;
  while (!stopped_ && hurried_ && link_.clock.steady() < until) {
    co_await wait(std::chrono::ceil<Millis>(until - link_.clock.steady()));
  }
}

asio::awaitable<void> WsClient::wait_blocked(Millis time) {
  const SteadyTime until = link_.clock.steady() + time;
  while (!stopped_) {
    const auto left = std::chrono::ceil<Millis>(until - link_.clock.steady());
    if (left <= Millis(0)) co_return;
    co_await wait(std::min(left, link_.timing().token_recheck));
    if (hurried_ || secrets_changed()) co_return;
  }
}

bool WsClient::secrets_changed() const {
  const auto token = read_secret(link_.options.token);
  const auto password = read_secret(link_.options.password);
  return (token && !token->equals(last_token_.reveal())) ||
         (password && !password->equals(last_password_.reveal()));
}

}  // namespace cc::gateway
