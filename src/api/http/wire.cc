#include "api/http/wire.h"

#include "base/date.h"

namespace cc::api {
namespace {

void add_header(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ");
  for (const char c : value) {
    if (c != '\r' && c != '\n') out += c;
  }
  out += "\r\n";
}

}  // namespace

std::string response_head(const Response& response, const Framing& framing, TimeMs now) {
  std::string out = "HTTP/1.1 " + std::to_string(response.status) + ' ';
  out.append(reason_phrase(response.status)).append("\r\n");
  add_header(out, "Date", http_date(now));
  for (const Header& header : response.headers) add_header(out, header.name, header.value);
  if (framing.length) add_header(out, "Content-Length", std::to_string(*framing.length));
  if (framing.chunked) add_header(out, "Transfer-Encoding", "chunked");
  add_header(out, "Connection", framing.keep_alive ? "keep-alive" : "close");
  out += "\r\n";
  return out;
}

}  // namespace cc::api
