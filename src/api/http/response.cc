#include "api/http/response.h"

#include "base/json_writer.h"

namespace cc::api {

Response json_response(std::string body, int status) {
  Response response{.status = status, .headers = {}, .body = std::move(body)};
  return std::move(response.with("Content-Type", "application/json"));
}

Response no_content() {
  return {.status = 204, .headers = {}, .body = std::string()};
}

Response problem(int status, std::string_view detail, std::initializer_list<ProblemMember> extra) {
  std::string body;
  JsonWriter out(body);
  out.begin_object()
      .field("type", "about:blank")
      .field("title", reason_phrase(status))
      .field("status", status)
      .field("detail", detail);
  for (const auto& [name, content] : extra) out.field(name, content);
  out.end_object();
  Response response{.status = status, .headers = {}, .body = std::move(body)};
  return std::move(response.with("Content-Type", "application/problem+json"));
}

std::string_view reason_phrase(int status) {
  switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 417: return "Expectation Failed";
    case 421: return "Misdirected Request";
    case 422: return "Unprocessable Content";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 503: return "Service Unavailable";
    case 505: return "HTTP Version Not Supported";
    default: return "Unknown";
  }
}

}  // namespace cc::api
