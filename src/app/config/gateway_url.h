#pragma once
// The URLs of gateways: read, completed, derived from each other. Pure.

#include <string>
#include <string_view>

#include "base/result.h"

namespace cc::app {

enum class UrlKind { kWebSocket, kHttp };

/// ws:// or wss://, http:// or https://, with a host. A missing path becomes `/`. Credentials in it
/// are refused, and the error never repeats the URL; like in forms.h it says only what is wrong.
[[nodiscard]] Result<std::string> parse_gateway_url(std::string_view text, UrlKind kind);

/// Where a gateway with this WebSocket URL answers over HTTP: same host and port, `/api/agents`.
/// `ws_url` has been parsed.
[[nodiscard]] std::string rest_url_beside(std::string_view ws_url);

/// The host of a URL that has been parsed before; IPv6 without brackets.
[[nodiscard]] std::string host_of(std::string_view url);
/// Whether it is wss:// or https://.
[[nodiscard]] bool uses_tls(std::string_view url);

/// The URL with another host. Both have been parsed before.
[[nodiscard]] std::string with_host(std::string_view url, std::string_view host);

}  // namespace cc::app
