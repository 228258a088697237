#include "api/middleware/security_headers.h"

#include <algorithm>
#include <array>

namespace cc::api {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kHeaders{{
    {"Cache-Control", "no-store"},
    {"Content-Security-Policy", "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Cross-Origin-Embedder-Policy", "require-corp"},
}};

}  // namespace

void add_security_headers(Response& response) {
  for (const auto& [name, value] : kHeaders) {
    const bool set = std::ranges::any_of(
        response.headers, [&](const Header& header) { return same_word(header.name, name); });
    if (!set) response.with(std::string(name), std::string(value));
  }
}

}  // namespace cc::api
