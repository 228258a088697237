#include "gateway/probe.h"

#include <utility>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "gateway/connection/device_tokens.h"
#include "gateway/connection/endings.h"
#include "gateway/connection/handshake.h"
#include "gateway/protocol/rest.h"
#include "net/http_client.h"

namespace cc::gateway {

namespace asio = boost::asio;

namespace {

constexpr Millis kLimit{25'000};
constexpr std::string_view kUserAgent = "control-center/" CC_VERSION;

/// Runs one coroutine, but no longer than `kLimit`; false where that was not enough.
bool run_limited(asio::io_context& io, asio::awaitable<void> task) {
  bool finished = false;
  asio::co_spawn(io, std::move(task), [&](const std::exception_ptr&) {
    finished = true;
    io.stop();
  });
  io.run_for(kLimit);
  return finished;
}

Result<protocol::Credentials> read_credentials(const LinkOptions& options,
                                               const DeviceTokenKey& key) {
  auto token = read_secret(options.token);
  if (!token) return std::unexpected(token.error());
  auto password = read_secret(options.password);
  if (!password) return std::unexpected(password.error());
  auto device_token = DeviceTokens(options.device_tokens).find(key);
  return protocol::Credentials{std::move(*token), std::move(*password),
                               device_token ? std::move(*device_token) : Secret()};
}

/// The WebSocket up to hello-ok, or to the refusal.
class WsTry {
 public:
  WsTry(const LinkOptions& options, const net::Endpoint& endpoint, Handshake::Offer offer)
      : options_(options), endpoint_(endpoint), offer_(std::move(offer)) {}

  WsProbe run() {
    asio::io_context io{1};
    if (!run_limited(io, converse(io))) {
      ending_ = transport_ending("no answer to the handshake in time");
    }
    if (hello_) return {.hello = std::move(hello_), .verdict = {}};
    return {.hello = {}, .verdict = judge(ending_, context())};
  }

 private:
  asio::awaitable<void> converse(asio::io_context& io) {
    auto headers = read_headers(options_.headers);
    if (!headers) {
      ending_ = transport_ending(headers.error().message);
      co_return;
    }
    const auto stream = net::WsStream::create(io.get_executor(),
                                              {.endpoint = endpoint_,
                                               .tls = {options_.tls_fingerprint},
                                               .user_agent = std::string(kUserAgent),
                                               .headers = *std::move(headers),
                                               .message_limit = protocol::kMaxFrameBytes},
                                              [] {});
    auto opened = co_await stream->open();
    if (opened) {
      co_await shake_hands(io, stream);
    } else {
      ending_ = ending_of(opened.error());
    }
    co_await stream->close(1000, "");
  }

  asio::awaitable<void> shake_hands(asio::io_context& io, std::shared_ptr<net::WsStream> stream) {
    Handshake handshake(io.get_executor(), std::move(stream), offer_, options_.timing,
                        [this](std::string_view message) { return parse(message); });
    auto welcome = co_await handshake.run();
    if (welcome) {
      hello_ = std::move(welcome->hello);
      hello_->presence.reset();  // would outlive its frame
    } else {
      ending_ = std::move(welcome.error());
    }
  }

  std::optional<protocol::Frame> parse(std::string_view message) {
    auto frame = parser_.parse(message);
    return frame ? std::optional(std::move(*frame)) : std::nullopt;
  }

  [[nodiscard]] protocol::RefusalContext context() const {
    auto context = refusal_context(options_, endpoint_);
    const auto& shown = offer_.credentials;
    context.has_shared_secret = !shown.token.empty() || !shown.password.empty();
    context.has_device_token = !shown.device_token.empty();
    return context;
  }

  const LinkOptions& options_;
  const net::Endpoint& endpoint_;
  const Handshake::Offer offer_;
  protocol::FrameParser parser_;
  std::optional<protocol::Hello> hello_;
  protocol::Ending ending_;
};

/// The fall-back's endpoint, and the gateway's tools where there is none.
class RestTry {
 public:
  RestTry(const LinkOptions& options, const net::Endpoint& endpoint)
      : options_(options), endpoint_(endpoint) {}

  RestProbe run(const Secret& bearer) {
    asio::io_context io{1};
    run_limited(io, ask(io, bearer));
    return verdict();
  }

 private:
  using Kind = RestProbe::Kind;

  asio::awaitable<void> ask(asio::io_context& io, Secret bearer) {
    net::HttpClient client(io.get_executor(), {.endpoint = endpoint_,
                                               .tls = {options_.tls_fingerprint},
                                               .user_agent = std::string(kUserAgent)});
    auto headers = read_headers(options_.headers);
    if (!headers) {
      answer_ = std::unexpected(headers.error());
      co_return;
    }
    net::HttpRequest request;
    request.target = endpoint_.target;
    request.headers = *std::move(headers);
    if (!bearer.empty()) request.bearer = bearer;
    answer_ = co_await client.send(request);
    if (!answer_ || !protocol::is_no_endpoint(answer_->status, answer_->body)) co_return;
    request.method = "POST";
    request.target = "/tools/invoke";
    request.body = R"({"tool":"sessions_list","args":{"limit":1}})";
    tools_ = co_await client.send(std::move(request));
  }

  [[nodiscard]] RestProbe verdict() const {
    if (!answer_) return trouble(answer_.error().message);
    if (denies(*answer_)) return denied(*answer_);
    const auto fault = protocol::form_fault(answer_->encoding, answer_->body);
    if (answer_->status == 200 && !fault.empty()) return trouble("answers " + fault);
    if (protocol::is_no_endpoint(answer_->status, answer_->body)) return verdict_on_tools();
    std::vector<std::string_view> skipped;
    const auto agents = protocol::read_agents_answer(answer_->body, skipped);
    if (answer_->status == 200 && agents) return {.kind = Kind::kAgents, .agents = agents->size()};
    return trouble("answers " + std::to_string(answer_->status) + " and no list of agents");
  }

  [[nodiscard]] RestProbe verdict_on_tools() const {
    const std::string none = "has no list of agents";
    if (!tools_) return trouble(none + ", and " + tools_.error().message);
    if (denies(*tools_)) return denied(*tools_);
    if (tools_->status == 200) return {.kind = Kind::kToolsOnly};
    return trouble(none + ", and its tools answer " + std::to_string(tools_->status));
  }

  static RestProbe trouble(std::string what) {
    return {.kind = Kind::kTrouble, .trouble = std::move(what)};
  }
  static RestProbe denied(const net::HttpAnswer& answer) {
    return {.kind = Kind::kDenied, .status = answer.status};
  }
  static bool denies(const net::HttpAnswer& answer) {
    return answer.status == 401 || answer.status == 403;
  }

  const LinkOptions& options_;
  const net::Endpoint& endpoint_;
  Result<net::HttpAnswer> answer_ = fail(ErrorCode::kTimeout, "no answer in time");
  Result<net::HttpAnswer> tools_ = fail(ErrorCode::kTimeout, "no answer in time");
};

}  // namespace

Result<WsProbe> probe_ws(const LinkOptions& options, const protocol::DeviceIdentity& identity) {
  const auto endpoint = net::Endpoint::parse(*options.ws_url);
  if (!endpoint) return std::unexpected(endpoint.error());
  auto credentials =
      read_credentials(options, {.url = ws_name(*endpoint), .device_id = identity.id()});
  if (!credentials) return std::unexpected(credentials.error());
  return WsTry(options, *endpoint,
               {.identity = identity,
                .credentials = std::move(*credentials),
                .protocols = options.protocols,
                .version = CC_VERSION,
                .access = options.access})
      .run();
}

Result<RestProbe> probe_rest(const LinkOptions& options) {
  const auto endpoint = net::Endpoint::parse(*options.rest_url);
  if (!endpoint) return std::unexpected(endpoint.error());
  auto bearer = read_secret(options.token);
  if (bearer && bearer->empty()) bearer = read_secret(options.password);
  if (!bearer) return std::unexpected(bearer.error());
  return RestTry(options, *endpoint).run(*bearer);
}

}  // namespace cc::gateway
