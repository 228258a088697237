#pragma once
// How a connection ended, from what the socket or we ourselves say of it, and what a verdict on it
// has to know.

#include <string>
#include <utility>

#include "gateway/link_options.h"
#include "gateway/protocol/refusal.h"
#include "net/ws_stream.h"

namespace cc::gateway {

/// `phrase`: "no answer to connect within 15 s".
[[nodiscard]] inline protocol::Ending transport_ending(std::string phrase) {
  protocol::Ending ending;
  ending.transport = std::move(phrase);
  return ending;
}

[[nodiscard]] inline protocol::Ending ending_of(const net::WsEnd& end) {
  protocol::Ending ending;
  ending.close_code = end.close_code;
  ending.close_reason = end.close_reason;
  ending.http_status = end.http_status;
  ending.transport = end.transport;
  return ending;
}

/// The name of a gateway's WebSocket: its URL without credentials and query.
[[nodiscard]] inline std::string ws_name(const net::Endpoint& endpoint) {
  return endpoint.display(endpoint.tls ? "wss" : "ws");
}

/// What does not depend on the connection.
[[nodiscard]] inline protocol::RefusalContext refusal_context(const LinkOptions& options,
                                                              const net::Endpoint& endpoint) {
  protocol::RefusalContext context;
  context.offered = options.protocols;
  context.loopback_or_pinned = endpoint.is_loopback() || options.tls_fingerprint;
  context.url = ws_name(endpoint);
  context.settings = options.settings;
  return context;
}

}  // namespace cc::gateway
