#include "gateway/fallback/rest_poller.h"

#include <algorithm>
#include <utility>

#include "base/json_writer.h"
#include "base/text.h"
#include "gateway/protocol/rest.h"
#include "gateway/protocol/transport_advice.h"
#include "gateway/reading/link_history.h"
#include "net/completion.h"

namespace cc::gateway {

namespace asio = boost::asio;
using net::kTuple;

namespace {

constexpr std::string_view kAll = R"({"limit":1000})";
constexpr std::string_view kLatest = R"({"limit":1000,"activeMinutes":10})";
constexpr Millis kLatestReach{9 * 60 * 1000};  // a little less than that

bool denies(int status) {
  return status == 401 || status == 403;
}

void add_missing(std::vector<fleet::AgentPatch>& agents, std::vector<fleet::AgentPatch> more) {
  for (auto& agent : more) {
    const auto same = [&](const fleet::AgentPatch& known) { return known.id == agent.id; };
    if (std::none_of(agents.begin(), agents.end(), same)) agents.push_back(std::move(agent));
  }
}

std::string odd_answer(const net::HttpAnswer& answer) {
  if (answer.status == 200) return "answers with a page instead of a list of agents";
  const auto to = clean_text(answer.location.substr(0, answer.location.find('?')), 256);
  return "answers with HTTP " + std::to_string(answer.status) + (to.empty() ? "" : " to " + to);
}

net::HttpClient::Options client_options(const LinkContext& link, const net::Endpoint& endpoint) {
  return {.endpoint = endpoint,
          .tls = {link.options.tls_fingerprint},
          .user_agent = link.user_agent(),
          .limit = link.timing().http};
}

}  // namespace

RestPoller::RestPoller(const LinkContext& link, net::Endpoint endpoint)
    : link_(link),
      endpoint_(std::move(endpoint)),
      client_(link.executor, client_options(link, endpoint_)),
      pause_(link.executor),
      recheck_(link.timing().endpoint_recheck) {}

asio::awaitable<void> RestPoller::run() {
  while (!stopped_) {
    const bool turn = link_.reporter.may_poll();
    const SteadyTime now = link_.clock.steady();
    if (turn && now >= next_poll_) {
      next_poll_ = now + link_.options.poll_interval;
      co_await poll();
      // A gateway that answers slowly gets a pause of the same length.
      const SteadyTime done = link_.clock.steady();
      next_poll_ = std::max(next_poll_, done + (done - now));
      if (!link_.options.ws_url) {
        link_.reporter.trying_again_in(std::chrono::ceil<Millis>(next_poll_ - done));
      }
    } else {
      co_await wait_for_turn(turn);
    }
  }
}

void RestPoller::stop() {
  stopped_ = true;
  pause_.cancel();
  client_.cancel();
}

asio::awaitable<void> RestPoller::wait_for_turn(bool turn) {
  const SteadyTime now = link_.clock.steady();
  // A poller that gets its turn back polls at once, and what it concluded before is old.
  if (!turn) {
    next_poll_ = look_again_ = {};
    refused_secret_.reset();
  }
  const SteadyTime idle = now + std::chrono::hours(1);
  const SteadyTime until = turn ? next_poll_ : link_.reporter.falls_back_at().value_or(idle);
  pause_.expires_after(std::chrono::ceil<Millis>(until - now));
  co_await pause_.async_wait(kTuple);
}

asio::awaitable<void> RestPoller::poll() {
  const auto asked = link_.reporter.generation();
  const auto shown = secret();
  if (!shown) {
    link_.reporter.poll_refused(asked, {shown.error().message, fix_token()});
    co_return;
  }
  if (holds_back(*shown)) {
    link_.reporter.poll_refused(asked, refusal_);
    co_return;
  }
  Heard heard = co_await ask_gateway(*shown);
  if (!stopped_) tell(asked, std::move(heard), *shown);
}

/// The gateway said no to this one. Each time it is shown counts there as a failed sign-in.
bool RestPoller::holds_back(const Secret& secret) {
  if (!refused_secret_) return false;
  if (refused_secret_->equals(secret.reveal()) && link_.clock.steady() < show_again_) return true;
  refused_secret_.reset();
  return false;
}

asio::awaitable<RestPoller::Heard> RestPoller::ask_gateway(const Secret& secret) {
  if (!in_stock_mode()) {
    Heard heard = co_await ask_endpoint(secret);
    if (stopped_) co_return heard;
    const bool none = heard.kind == Heard::Kind::kNoEndpoint;
    const bool still_none = stock_ && heard.kind == Heard::Kind::kFailed;
    if (!none && !still_none) co_return heard;
    if (!stock_ && !doubt_.believes()) co_return doubted(std::move(heard));
    no_endpoint();
  }
  co_return co_await ask_stock_gateway(secret);
}

RestPoller::Heard RestPoller::doubted(Heard odd) const {
  odd.kind = Heard::Kind::kFailed;
  return odd;
}

void RestPoller::tell(SourceArbiter::Generation asked, Heard heard, const Secret& secret) {
  link_.metrics.poll(link_.gateway(), heard.kind == Heard::Kind::kAnswer);
  switch (heard.kind) {
    case Heard::Kind::kAnswer:
      doubt_.good();
      link_.history->known.forget();
      return link_.reporter.polled(asked, std::move(heard.answer), std::move(heard.note));
    case Heard::Kind::kRefused:
      if (!doubt_.believes()) return link_.reporter.poll_failed(asked, std::move(heard.trouble));
      refused_secret_ = secret;
      show_again_ = link_.clock.steady() + link_.timing().refused_recheck;
      refusal_ = heard.trouble;
      return link_.reporter.poll_refused(asked, std::move(heard.trouble));
    case Heard::Kind::kFailed:
    case Heard::Kind::kNoEndpoint:
      return link_.reporter.poll_failed(asked, std::move(heard.trouble));
  }
}

Result<Secret> RestPoller::secret() const {
  auto token = read_secret(link_.options.token);
  if (!token || !token->empty()) return token;
  return read_secret(link_.options.password);
}

asio::awaitable<RestPoller::Heard> RestPoller::ask_endpoint(Secret secret) {
  auto headers = read_headers(link_.options.headers);
  if (!headers) co_return failed("is not asked: " + headers.error().message);
  net::HttpRequest request;
  request.target = endpoint_.target;
  request.headers = *std::move(headers);
  request.bearer = std::move(secret);
  auto answer = co_await client_.send(std::move(request));
  if (!answer) co_return unreachable(answer.error());
  co_return understand(*answer);
}

RestPoller::Heard RestPoller::understand(const net::HttpAnswer& answer) {
  if (denies(answer.status)) return refused(answer.status);
  const auto fault = protocol::form_fault(answer.encoding, answer.body);
  if (answer.status == 200 && !fault.empty()) return failed("answers " + fault);
  Heard heard = failed(odd_answer(answer));
  if (protocol::is_no_endpoint(answer.status, answer.body)) {
    heard.kind = Heard::Kind::kNoEndpoint;
    return heard;
  }
  if (answer.status != 200) return heard;
  Skipped why;
  auto agents = protocol::read_agents_answer(answer.body, why);
  count_skipped(why);
  if (!agents) return failed("answers with something else than a list of agents");
  stock_ = false;
  recheck_ = link_.timing().endpoint_recheck;
  heard = {};
  heard.kind = Heard::Kind::kAnswer;
  heard.answer.agents = std::move(*agents);
  // A row that was skipped for a broken id is still there.
  heard.answer.complete = std::find(why.begin(), why.end(), "key") == why.end();
  return heard;
}

void RestPoller::no_endpoint() {
  if (!std::exchange(stock_, true)) recheck_ = link_.timing().endpoint_recheck;
  look_again_ = link_.clock.steady() + recheck_;
  recheck_ = std::min(2 * recheck_, link_.timing().endpoint_recheck_most);
  if (!logged_.emplace("no endpoint").second) return;
  link_.log.info("there is no list of agents at the REST endpoint; the gateway's tools are asked",
                 {{"gateway", link_.gateway()}, {"endpoint", endpoint_.display(scheme())}});
}

bool RestPoller::in_stock_mode() const {
  return stock_ && link_.clock.steady() < look_again_;
}

asio::awaitable<RestPoller::Heard> RestPoller::ask_stock_gateway(Secret secret) {
  auto headers = read_headers(link_.options.headers);
  if (!headers) co_return failed("is not asked: " + headers.error().message);
  net::HttpRequest health;
  health.target = "/health";
  health.headers = *headers;
  auto alive = co_await client_.send(std::move(health));
  if (!alive) co_return unreachable(alive.error());
  if (alive->status != 200) {
    co_return failed("is not there, and /health answers with HTTP " +
                     std::to_string(alive->status));
  }
  const SteadyTime asked_at = link_.clock.steady();
  auto sessions = co_await invoke_tool("sessions_list", sessions_wanted(), secret);
  if (!sessions) co_return failed("is not there, and /tools/invoke: " + sessions.error().message);
  if (denies(sessions->status)) co_return refused(sessions->status);
  auto agents = co_await invoke_tool("agents_list", "{}", secret);
  if (!agents) co_return failed("is not there, and /tools/invoke: " + agents.error().message);
  Heard heard = tools_heard(*sessions, *agents);
  if (heard.sessions_read) sessions_read_at_ = asked_at;
  co_return heard;
}

// All of them cost a gateway of protocol 3 seconds, in which it does nothing else: they are read
// once, then only those that moved.
std::string_view RestPoller::sessions_wanted() const {
  const bool fresh = sessions_read_at_ && link_.clock.steady() - *sessions_read_at_ < kLatestReach;
  return fresh ? kLatest : kAll;
}

std::string RestPoller::call_of(std::string_view tool, std::string_view args) const {
  std::string body;
  JsonWriter json(body);
  json.begin_object().field("tool", tool).key("args").raw(args);
  if (!acting_for_.empty()) json.field("sessionKey", "agent:" + acting_for_ + ":main");
  json.end_object();
  return body;
}

// Since 2026.8 a gateway of several agents wants to know for which of them a tool is called.
asio::awaitable<Result<net::HttpAnswer>> RestPoller::invoke_tool(std::string_view tool,
                                                                 std::string_view args,
                                                                 Secret secret) {
  auto answer = co_await post_tool(call_of(tool, args), secret);
  if (!answer || answer->status != 400 || !acting_for_.empty()) co_return answer;
  acting_for_ = link_.history->default_agent;
  co_return co_await post_tool(call_of(tool, args), secret);
}

asio::awaitable<Result<net::HttpAnswer>> RestPoller::post_tool(std::string body, Secret secret) {
  auto headers = read_headers(link_.options.headers);
  if (!headers) co_return std::unexpected(headers.error());
  net::HttpRequest request;
  request.headers = *std::move(headers);
  request.method = "POST";
  request.target = "/tools/invoke";
  request.body = std::move(body);
  request.bearer = std::move(secret);
  request.limit = link_.timing().call;  // what stands behind it is such a call
  co_return co_await client_.send(std::move(request));
}

RestPoller::Heard RestPoller::tools_heard(const net::HttpAnswer& sessions,
                                          const net::HttpAnswer& agents) {
  Heard heard;
  heard.kind = Heard::Kind::kAnswer;
  heard.answer.complete = false;
  heard.note = "The gateway has no /api/agents: only what its tools show is seen.";
  Skipped why;
  bool anything = false;
  if (agents.status == 200) {
    if (auto read = protocol::read_agents_tool(agents.body, why)) {
      heard.answer.agents = std::move(*read);
      anything = true;
    }
  }
  if (sessions.status == 200) {
    if (auto read = protocol::read_sessions_tool(sessions.body, why)) {
      add_missing(heard.answer.agents, std::move(read->agents));
      heard.answer.sessions = std::move(read->sessions);
      heard.sessions_read = true;
      anything = true;
    }
  }
  count_skipped(why);
  if (anything) return heard;
  return failed("is not there; the gateway is alive, but shows none of its agents over HTTP");
}

RestPoller::Heard RestPoller::failed(std::string what) const {
  Heard heard;
  heard.trouble.detail = "The REST endpoint " + endpoint_.display(scheme()) + " " + what + ".";
  return heard;
}

RestPoller::Heard RestPoller::unreachable(const Error& why) const {
  Heard heard = failed("cannot be read: " + why.message);
  const auto advice = protocol::transport_advice(why.message, link_.options.settings.rest_url);
  if (!advice.empty()) heard.trouble.action = advice;
  return heard;
}

RestPoller::Heard RestPoller::refused(int status) const {
  Heard heard;
  heard.kind = Heard::Kind::kRefused;
  heard.trouble.detail = "The REST endpoint " + endpoint_.display(scheme()) + " refuses us (HTTP " +
                         std::to_string(status) + ").";
  heard.trouble.action = fix_token();
  return heard;
}

std::string RestPoller::fix_token() const {
  return "Set " + link_.options.settings.token + " to the gateway's token.";
}

void RestPoller::count_skipped(const Skipped& why) {
  for (const auto word : why) {
    link_.metrics.input_refused(link_.gateway(), word);
    if (!logged_.emplace(word).second) continue;
    link_.log.warn("a part of a REST answer cannot be understood and is left out",
                   {{"gateway", link_.gateway()}, {"why", std::string(word)}});
  }
}

}  // namespace cc::gateway
