#include "app/config/gateway_url.h"

#include <charconv>

#include <boost/url.hpp>

namespace cc::app {
namespace {

namespace urls = boost::urls;

std::unexpected<Error> bad_url(std::string why) {
  return fail(ErrorCode::kInvalid, std::move(why));
}

bool has_scheme(const urls::url_view& url, UrlKind kind) {
  using enum urls::scheme;
  const auto scheme = url.scheme_id();
  return kind == UrlKind::kWebSocket ? scheme == ws || scheme == wss
                                     : scheme == http || scheme == https;
}

std::string text_of(const urls::url& url) {
  return {url.buffer().data(), url.buffer().size()};
}

bool is_secure(const urls::url_view& url) {
  return url.scheme_id() == urls::scheme::wss || url.scheme_id() == urls::scheme::https;
}

bool has_bad_port(const urls::url_view& url) {
  if (!url.has_port() || url.port().empty()) return false;
  unsigned short port = 0;
  const auto text = url.port();
  const auto read = std::from_chars(text.data(), text.data() + text.size(), port);
  return read.ec != std::errc{} || port == 0;
}

}  // namespace

Result<std::string> parse_gateway_url(std::string_view text, UrlKind kind) {
  const auto parsed = urls::parse_uri(text);
  if (!parsed) return bad_url("is not a URL");
  urls::url url(*parsed);
  if (!has_scheme(url, kind)) return bad_url("has another scheme");
  if (url.has_userinfo()) {
    return bad_url("holds credentials; give them as OPENCLAW_GATEWAY_TOKEN_FILE or token_file");
  }
  if (url.encoded_host().empty()) return bad_url("has no host");
  if (has_bad_port(url)) return bad_url("has no port between 1 and 65535");
  if (url.has_fragment()) return bad_url("has a fragment");
  if (url.encoded_path().empty()) url.set_path_absolute(true);
  return text_of(url);
}

std::string rest_url_beside(std::string_view ws_url) {
  urls::url url(ws_url);
  url.set_scheme(is_secure(url) ? "https" : "http");
  url.set_encoded_path("/api/agents");
  url.remove_query();
  return text_of(url);
}

std::string host_of(std::string_view text) {
  return urls::url_view(text).host_address();
}

bool uses_tls(std::string_view text) {
  return is_secure(urls::url_view(text));
}

std::string with_host(std::string_view text, std::string_view host) {
  urls::url url(text);
  url.set_host(host);
  return text_of(url);
}

}  // namespace cc::app
