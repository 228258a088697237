#include "app/cli/gateway_probe.h"

#include <fmt/format.h>

#include "gateway/probe.h"
#include "net/endpoint.h"

namespace cc::app {
namespace {

using gateway::LinkOptions;
using gateway::RestProbe;
using gateway::WsProbe;
namespace protocol = gateway::protocol;

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

void tell_hello(const LinkOptions& options, const protocol::Hello& hello, Findings& findings) {
  const auto subject = "gateway " + options.name;
  const auto endpoint = net::Endpoint::parse(*options.ws_url);
  const auto sentence = fmt::format("{} lets us in, protocol {}, version {}", endpoint->authority(),
                                    hello.protocol, hello.server_version);
  const auto missing = hello.missing_scopes(options.access);
  const bool sees_own_only = options.access == command::Access::kOperate && hello.protocol >= 4 &&
                             !hello.grants(command::Scope::kAdmin);
  if (missing.empty() && sees_own_only) {
    return findings.warn(
        subject,
        sentence +
            ", and shows approvals of runs that others started only to "
            "the access admin",
        "to see and decide all of them, set " + options.settings.access + " to admin");
  }
  if (missing.empty()) return findings.ok(subject, sentence);
  findings.warn(
      subject, sentence + ", but does not grant " + joined(missing),
      "run on the gateway: openclaw devices list, and approve this device with that scope");
}

void tell_ws(const LinkOptions& options, const Result<WsProbe>& probe, Findings& findings) {
  const auto subject = "gateway " + options.name;
  if (!probe) return findings.fail(subject, probe.error().message);
  if (probe->hello) return tell_hello(options, *probe->hello, findings);
  const auto& verdict = probe->verdict;
  const bool starting = verdict.kind == protocol::Verdict::Kind::kRetryAfter;
  findings.add({starting ? Finding::Level::kWarn : Finding::Level::kFail, subject, verdict.detail,
                verdict.action});
}

/// Where there is a WebSocket, its finding has said what to do.
std::string how_to_be_let_in(const LinkOptions& options) {
  if (options.ws_url) return {};
  return "give the gateway's token or password: " + options.settings.token;
}

std::string how_to_reach(const LinkOptions& options) {
  return "see that OpenClaw runs there, and check " + options.settings.rest_url;
}

void tell_rest(const LinkOptions& options, const RestProbe& probe, Findings& findings) {
  const auto subject = fmt::format("gateway {} REST", options.name);
  const auto endpoint = net::Endpoint::parse(*options.rest_url);
  const auto where = endpoint->display(endpoint->tls ? "https" : "http");
  switch (probe.kind) {
    case RestProbe::Kind::kAgents:
      return findings.ok(subject, fmt::format("{} tells of {} agents", where, probe.agents));
    case RestProbe::Kind::kToolsOnly:
      return findings.ok(subject, where +
                                      " has no list of agents; the fall-back asks the gateway's "
                                      "tools instead");
    case RestProbe::Kind::kDenied:
      return findings.fail(subject, fmt::format("{} answers {}", where, probe.status),
                           how_to_be_let_in(options));
    case RestProbe::Kind::kTrouble: break;
  }
  const auto sentence = fmt::format("{}: {}", where, probe.trouble);
  // No failure where there is a WebSocket: the fall-back may never be needed.
  if (!options.ws_url) return findings.fail(subject, sentence, how_to_reach(options));
  findings.warn(subject, sentence, "needed only while the WebSocket is not there");
}

}  // namespace

void probe_gateway(const LinkOptions& options, const protocol::DeviceIdentity& identity,
                   Findings& findings) {
  if (options.ws_url) {
    tell_ws(options, gateway::probe_ws(options, identity), findings);
  } else {
    findings.ok("gateway " + options.name, "no WebSocket is configured");
  }
  if (!options.rest_url) return;
  const auto rest = gateway::probe_rest(options);
  if (rest) return tell_rest(options, *rest, findings);
  // A secret that cannot be read was told with the WebSocket.
  if (!options.ws_url) findings.fail("gateway " + options.name + " REST", rest.error().message);
}

}  // namespace cc::app
