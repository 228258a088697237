#include "api/dispatcher.h"

#include <charconv>

#include "api/http/request_form.h"
#include "api/middleware/authentication.h"
#include "api/middleware/origin_guard.h"
#include "api/middleware/security_headers.h"
#include "api/routes/table.h"
#include "base/network.h"

namespace cc::api {
namespace {

Response refuse_host(HostVerdict verdict) {
  if (verdict == HostVerdict::kMalformed) {
    return problem(400, "A request names exactly one Host, as name or name:port.");
  }
  return problem(421,
                 "This server does not answer to that Host. Names are added to it with "
                 "CONTROL_CENTER_ALLOWED_HOSTS.");
}

Response refuse_nobody(std::initializer_list<ProblemMember> extra = {}) {
  return std::move(
      problem(401, "Sign in first: a bearer token, or the cookie of a signed-in browser.", extra)
          .with("WWW-Authenticate", "Bearer"));
}

const auth::AuditEntry kNoTokenOfOurs{.event = auth::AuditEvent::kRequest,
                                      .result = auth::AuditResult::kRefused};

/// A client that asks here wants to sign in. If it is at this machine, it is told in which file the
/// token is, not what it is.
constexpr std::string_view kSignInPath = "/api/v1/session";

bool is_at_this_machine(const Request& request) {
  static const auto loopback = Network::parse("127.0.0.0/8");
  const auto peer = address_bytes(request.peer);
  return peer && (loopback->contains(*peer) || *peer == address_bytes("::1"));
}

Response refuse_role(const Policy& policy) {
  return problem(403, "This needs the role " +
                          std::string(auth::text(policy.role().value_or(auth::Role::kAdmin))) +
                          ".");
}

Response refuse_method(const RouteMatch& match) {
  return std::move(problem(405, "This resource does not answer to that method.")
                       .with("Allow", allow_list(match.methods)));
}

/// The answer to OPTIONS.
Response tell_methods(const std::string& methods) {
  Response response{.status = 200, .headers = {}, .body = std::string()};
  return std::move(response.with("Allow", methods + ", OPTIONS").with("Cache-Control", "no-store"));
}

/// `application/json`, with or without parameters.
bool is_json(std::optional<std::string_view> content_type) {
  if (!content_type) return false;
  const std::size_t end = std::min(content_type->find(';'), content_type->size());
  const std::size_t last = content_type->substr(0, end).find_last_not_of(" \t");
  return last != std::string_view::npos &&
         same_word(content_type->substr(0, last + 1), "application/json");
}

std::optional<Response> refuse_body(const Request& request) {
  if (!request.has_body) return std::nullopt;
  if (writes(request.method) && !is_json(request.only("Content-Type"))) {
    return problem(415, "The body of a write is application/json.");
  }
  const std::string_view length = request.only("Content-Length").value_or("0");
  std::size_t bytes = 0;
  const auto read = std::from_chars(length.data(), length.data() + length.size(), bytes);
  if (read.ec != std::errc() || bytes > kMaxBodyBytes) {
    return problem(413, "A body has at most " + std::to_string(kMaxBodyBytes) + " bytes.");
  }
  return std::nullopt;
}

double seconds_between(SteadyTime from, SteadyTime to) {
  return std::chrono::duration<double>(to - from).count();
}

}  // namespace

Dispatcher::Dispatcher(Parts parts) : parts_(std::move(parts)), router_(all_routes()) {}

Dispatcher::Visit Dispatcher::admit(Request& request) const {
  Visit visit;
  parts_.forwarded.apply(request);
  take_absolute_form(request);
  take_base_path(request, parts_.base_path);
  visit.began = parts_.clock.steady();
  visit.refusal = refuse_head(request, visit);
  if (visit.refusal) return visit;
  RouteMatch match = router_.match(request.method, visit.target.path);
  if (!match.path.empty()) visit.route = match.path;
  visit.refusal = refuse_caller(request, match, visit);
  if (!visit.refusal) visit.refusal = refuse_body(request);
  visit.admitted = match.route;
  visit.captured = std::move(match.captured);
  return visit;
}

std::optional<Response> Dispatcher::refuse_head(const Request& request, Visit& visit) const {
  const HostVerdict verdict = parts_.host_guard.judge(request);
  if (verdict != HostVerdict::kOurs && !is_health_check(request)) return refuse_host(verdict);
  if (request.target.size() > kMaxTargetBytes) {
    return problem(414, "A URL has at most " + std::to_string(kMaxTargetBytes) + " bytes.");
  }
  if (is_foreign_write(request)) return problem(403, "Another origin may not write here.");
  if (is_about_the_server(request)) return tell_methods("GET, HEAD, POST, DELETE");
  auto target = parse_target(request.target);
  if (!target) return problem(400, "The path must begin with a slash; escapes must make UTF-8.");
  visit.target = *std::move(target);
  return std::nullopt;
}

std::optional<Response> Dispatcher::refuse_caller(const Request& request, const RouteMatch& match,
                                                  Visit& visit) const {
  visit.identity = authenticate(parts_.auth, request);
  const bool open = match.route != nullptr ? match.route->policy.is_open() : match.open;
  if (!open && !visit.identity) {
    if (presents_credential(request)) visit.audit = kNoTokenOfOurs;
    if (match.path != kSignInPath) return refuse_nobody();
    return refuse_nobody(
        {{"tokenFile", is_at_this_machine(request) ? parts_.token_file : std::nullopt}});
  }
  if (match.path.empty()) return problem(404, "There is nothing at this path.");
  if (match.route == nullptr && request.method == Method::kOptions)
    return tell_methods(allow_list(match.methods));
  if (match.route == nullptr) return refuse_method(match);
  if (!open && !match.route->policy.allows(*visit.identity))
    return refuse_role(match.route->policy);
  if (!open && is_from_another_site(request)) return problem(403, "Another site may not ask here.");
  return std::nullopt;
}

bool Dispatcher::is_quick(const Visit& visit) {
  if (visit.audit) return false;
  return visit.refusal || visit.admitted->thread == Thread::kServer;
}

Answer Dispatcher::answer(const Visit& visit, const Request& request) const {
  return guarded(visit, [&]() -> Answer {
    if (visit.audit) parts_.audit.record(request, *visit.audit);
    if (visit.refusal) return *visit.refusal;
    const Call call{request, visit.target.query, visit.captured, visit.identity};
    return visit.admitted->handler(parts_.resources, call);
  });
}

std::optional<Response> Dispatcher::go_on(const Visit& visit, const InPieces& pieces,
                                          store::JournalReader& journal) const {
  return guarded(visit, [&] { return pieces.next(journal); });
}

/// What `make` gives; where it throws, an answer that does not say why.
template <class Make>
auto Dispatcher::guarded(const Visit& visit, Make make) const -> decltype(make()) {
  try {
    return make();
  } catch (const std::exception& bug) {
    parts_.log.error("a request failed in a way that it should not",
                     {{"route", std::string(visit.route)}, {"error", bug.what()}});
    return problem(500, "Something went wrong here; the log says more.");
  }
}

void Dispatcher::finish(const Visit& visit, const Request& request, Response& response) const {
  add_security_headers(response);
  const double seconds = seconds_between(visit.began, parts_.clock.steady());
  parts_.metrics.request(visit.route, response.status, seconds);
  parts_.log.debug("request", {{"method", std::string(text(request.method))},
                               {"route", std::string(visit.route)},
                               {"status", std::to_string(response.status)},
                               {"peer", request.peer}});
}

void Dispatcher::finish_unread(Response& response) const {
  add_security_headers(response);
  parts_.metrics.request("unread", response.status, 0);
}

bool Dispatcher::still_valid(const auth::Identity& identity) const {
  return parts_.auth.still_valid(identity);
}

}  // namespace cc::api
