#include "app/cli/gateway_probe.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include "app/version.h"
#include "gateway/connection/device_tokens.h"
#include "gateway/protocol/handshake.h"
#include "gateway/protocol/refusal.h"
#include "gateway/protocol/rest.h"
#include "net/http_client.h"
#include "net/ws_stream.h"

namespace cc::app {
namespace {

namespace asio = boost::asio;
namespace protocol = gateway::protocol;

constexpr Millis kHandshakeLimit{25'000};

std::string user_agent() {
  return fmt::format("control-center/{}", kVersion);
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

/// Runs one coroutine, but no longer than `limit`; false where that was not enough.
bool run_limited(asio::io_context& io, Millis limit, asio::awaitable<void> task) {
  bool finished = false;
  asio::co_spawn(io, std::move(task), [&](const std::exception_ptr&) {
    finished = true;
    io.stop();
  });
  io.run_for(limit);
  return finished;
}

/// The WebSocket up to hello-ok, or to the refusal.
class Handshake {
 public:
  Handshake(const Probe& probe, const GatewayConfig& gateway, net::Endpoint endpoint)
      : probe_(probe), gateway_(gateway), endpoint_(std::move(endpoint)) {}

  void run(Findings& findings) {
    if (auto shown = read_credentials(); !shown) return tell_unreadable(shown.error(), findings);
    asio::io_context io{1};
    const bool finished = run_limited(io, kHandshakeLimit, converse(io));
    if (!finished) ending_.transport = "no answer to the handshake in time";
    if (hello_) {
      tell_hello(findings);
    } else {
      tell_ending(findings);
    }
  }

 private:
  using Step = std::expected<void, net::WsEnd>;

  [[nodiscard]] std::string subject() const { return "gateway " + gateway_.name; }
  [[nodiscard]] protocol::ProtocolRange range() const {
    return gateway_.protocols.value_or(probe_.config.protocols);
  }

  Result<void> read_credentials() {
    auto token = gateway_.token.read();
    if (!token) return std::unexpected(token.error());
    auto password = gateway_.password.read();
    if (!password) return std::unexpected(password.error());
    credentials_ = {std::move(*token), std::move(*password), {}};
    const gateway::DeviceTokens tokens(probe_.data.device_tokens());
    auto device =
        tokens.find({endpoint_.display(endpoint_.tls ? "wss" : "ws"), probe_.identity.id()});
    if (device) credentials_.device_token = std::move(*device);
    return {};
  }

  asio::awaitable<void> converse(asio::io_context& io) {
    const auto stream =
        net::WsStream::create(io.get_executor(), {.endpoint = endpoint_,
                                                  .tls = {gateway_.tls_fingerprint},
                                                  .user_agent = user_agent(),
                                                  .message_limit = protocol::kMaxFrameBytes,
                                                  .heard = [] {}});
    auto step = co_await stream->open();
    if (step) step = co_await shake_hands(*stream);
    if (!step) note(step.error());
    co_await stream->close(1000, "");
  }

  asio::awaitable<Step> shake_hands(net::WsStream& stream) {
    protocol::FrameParser parser;
    while (!hello_ && !ending_.error) {
      const auto message = co_await stream.read();
      if (!message) co_return std::unexpected(message.error());
      const auto frame = parser.parse(*message);
      if (!frame) continue;
      if (const auto* event = std::get_if<protocol::EventFrame>(&*frame)) {
        answer_challenge(*event, stream);
      } else if (const auto* response = std::get_if<protocol::ResponseFrame>(&*frame)) {
        take_response(*response);
      }
    }
    co_return Step{};
  }

  void answer_challenge(const protocol::EventFrame& event, net::WsStream& stream) {
    if (event.name != "connect.challenge") return;
    const auto challenge = protocol::read_challenge(event.payload);
    if (!challenge) return;
    stream.send(protocol::request_frame(
        "1", "connect",
        protocol::connect_params(*challenge, probe_.identity, credentials_, range(), kVersion)));
  }

  void take_response(const protocol::ResponseFrame& response) {
    if (!response.ok) {
      ending_.error = response.error;
    } else if (auto hello = protocol::read_hello(response.payload)) {
      hello->presence.reset();  // would outlive its frame
      hello_ = std::move(*hello);
    }
  }

  void note(const net::WsEnd& end) {
    ending_.close_code = end.close_code;
    ending_.close_reason = end.close_reason;
    ending_.http_status = end.http_status;
    ending_.transport = end.transport;
  }

  void tell_unreadable(const Error& error, Findings& findings) const {
    findings.fail(subject(), error.message);
  }

  void tell_hello(Findings& findings) const {
    const auto missing = hello_->missing_scopes();
    const auto sentence =
        fmt::format("{} lets us in, protocol {}, version {}", endpoint_.authority(),
                    hello_->protocol, hello_->server_version);
    if (missing.empty()) return findings.ok(subject(), sentence);
    findings.warn(
        subject(), sentence + ", but does not grant " + joined(missing),
        "run on the gateway: openclaw devices list, and approve this device with that scope");
  }

  void tell_ending(Findings& findings) const {
    const auto verdict = protocol::judge(
        ending_,
        {.offered = range(),
         .has_shared_secret = !credentials_.token.empty() || !credentials_.password.empty(),
         .has_device_token = !credentials_.device_token.empty(),
         .loopback_or_pinned = endpoint_.is_loopback() || gateway_.tls_fingerprint,
         .url = endpoint_.display(endpoint_.tls ? "wss" : "ws")});
    const bool starting = verdict.kind == protocol::Verdict::Kind::kRetryAfter;
    findings.add({starting ? Finding::Level::kWarn : Finding::Level::kFail, subject(),
                  verdict.detail, verdict.action});
  }

  const Probe& probe_;
  const GatewayConfig& gateway_;
  const net::Endpoint endpoint_;
  protocol::Credentials credentials_;
  std::optional<protocol::Hello> hello_;
  protocol::Ending ending_;
};

/// The fall-back's endpoint; that a stock gateway does not have it is no failure.
class RestProbe {
 public:
  RestProbe(const GatewayConfig& gateway, net::Endpoint endpoint)
      : gateway_(gateway), endpoint_(std::move(endpoint)) {}

  void run(Findings& findings) {
    auto token = gateway_.token.read();
    if (!token) return;  // told already
    if (token->empty()) token = gateway_.password.read();
    asio::io_context io{1};
    run_limited(io, kHandshakeLimit, ask(io, token.value_or(Secret())));
    tell(findings);
  }

 private:
  asio::awaitable<void> ask(asio::io_context& io, Secret bearer) {
    net::HttpClient client(
        io.get_executor(),
        {.endpoint = endpoint_, .tls = {gateway_.tls_fingerprint}, .user_agent = user_agent()});
    net::HttpRequest request{.target = endpoint_.target};
    if (!bearer.empty()) request.bearer = bearer;
    answer_ = co_await client.send(request);
    if (!answer_ || !protocol::is_no_endpoint(answer_->status, answer_->body)) co_return;
    request.method = "POST";
    request.target = "/tools/invoke";
    request.body = R"({"tool":"sessions_list","args":{"limit":1}})";
    tools_ = co_await client.send(std::move(request));
  }

  void tell(Findings& findings) const {
    if (!answer_) return tell_trouble(answer_.error().message, findings);
    if (denies(*answer_)) return tell_denied(*answer_, findings);
    if (protocol::is_no_endpoint(answer_->status, answer_->body)) return tell_tools(findings);
    std::vector<std::string_view> refused;
    const auto agents = protocol::read_agents_answer(answer_->body, refused);
    if (answer_->status == 200 && agents) {
      return findings.ok(subject(), fmt::format("{} tells of {} agents", where(), agents->size()));
    }
    tell_trouble(fmt::format("answers {} and no list of agents", answer_->status), findings);
  }

  void tell_tools(Findings& findings) const {
    const std::string none = "has no list of agents";
    if (!tools_) return tell_trouble(none + ", and " + tools_.error().message, findings);
    if (denies(*tools_)) return tell_denied(*tools_, findings);
    if (tools_->status == 200) {
      return findings.ok(subject(), fmt::format("{} {}; the fall-back asks the gateway's tools "
                                                "instead",
                                                where(), none));
    }
    tell_trouble(fmt::format("{}, and its tools answer {}", none, tools_->status), findings);
  }

  void tell_denied(const net::HttpAnswer& answer, Findings& findings) const {
    findings.fail(subject(), fmt::format("{} answers {}", where(), answer.status),
                  "give the gateway's token or password");
  }

  /// No failure where there is a WebSocket: the fall-back may never be needed.
  void tell_trouble(const std::string& what, Findings& findings) const {
    const auto sentence = fmt::format("{}: {}", where(), what);
    if (!gateway_.ws_url) return findings.fail(subject(), sentence);
    findings.warn(subject(), sentence, "needed only while the WebSocket is not there");
  }

  [[nodiscard]] static bool denies(const net::HttpAnswer& answer) {
    return answer.status == 401 || answer.status == 403;
  }
  [[nodiscard]] std::string subject() const {
    return fmt::format("gateway {} REST", gateway_.name);
  }
  [[nodiscard]] std::string where() const {
    return endpoint_.display(endpoint_.tls ? "https" : "http");
  }

  const GatewayConfig& gateway_;
  const net::Endpoint endpoint_;
  Result<net::HttpAnswer> answer_ = fail(ErrorCode::kTimeout, "no answer in time");
  Result<net::HttpAnswer> tools_ = fail(ErrorCode::kTimeout, "no answer in time");
};

}  // namespace

void probe_gateway(const Probe& probe, const GatewayConfig& gateway, Findings& findings) {
  if (gateway.ws_url) {
    if (auto endpoint = net::Endpoint::parse(*gateway.ws_url)) {
      Handshake(probe, gateway, std::move(*endpoint)).run(findings);
    }
  } else {
    findings.ok("gateway " + gateway.name, "no WebSocket is configured");
  }
  if (!gateway.rest_url) return;
  if (auto endpoint = net::Endpoint::parse(*gateway.rest_url)) {
    RestProbe(gateway, std::move(*endpoint)).run(findings);
  }
}

}  // namespace cc::app
