#include "bench/subject/http_client.h"

#include <stdexcept>

#include <sys/socket.h>

namespace cc::bench {
namespace {

constexpr std::size_t kAnswerBytes = 64 * 1024;

/// Of a header field in a head, in lower case as our server and others write it or not.
std::string field(const std::string& head, std::string_view name) {
  for (std::size_t line = head.find("\r\n"); line != std::string::npos;
       line = head.find("\r\n", line + 2)) {
    const std::string_view rest = std::string_view(head).substr(line + 2);
    if (rest.size() <= name.size() || rest[name.size()] != ':') continue;
    if (::strncasecmp(rest.data(), name.data(), name.size()) != 0) continue;
    const auto value = rest.substr(name.size() + 1, rest.find('\r') - name.size() - 1);
    return std::string(value.substr(value.find_first_not_of(' ')));
  }
  return {};
}

}  // namespace

HttpClient::HttpClient(std::uint16_t port, std::string headers)
    : socket_(connect_to(port)), headers_(std::move(headers)), buffer_(kAnswerBytes, '\0') {}

Answer HttpClient::get(const std::string& target) {
  send_all(socket_.get(), "GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + headers_ + "\r\n");
  return read_answer();
}

Answer HttpClient::post(const std::string& target, const std::string& body,
                        const std::string& headers) {
  send_all(socket_.get(), "POST " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + headers_ +
                              headers + "Content-Type: application/json\r\nContent-Length: " +
                              std::to_string(body.size()) + "\r\n\r\n" + body);
  return read_answer();
}

Answer HttpClient::read_answer() {
  const std::string head = take(read_head());
  Answer answer{.status = std::stoi(head.substr(9, 3)), .body = {}};
  if (const std::string length = field(head, "Content-Length"); !length.empty()) {
    answer.body = take(std::stoul(length));
  } else if (field(head, "Transfer-Encoding") == "chunked") {
    read_chunks(answer.body);
  }
  return answer;
}

std::size_t HttpClient::read_head() {
  for (std::size_t from = 0;;) {
    const auto end = received_.find("\r\n\r\n", from);
    if (end != std::string::npos) return end + 4;
    from = received_.size() < 3 ? 0 : received_.size() - 3;
    more();
  }
}

void HttpClient::read_chunks(std::string& body) {
  for (;;) {
    while (received_.find("\r\n") == std::string::npos) more();
    const std::string line = take(received_.find("\r\n") + 2);
    const std::size_t size = std::stoul(line, nullptr, 16);
    body.append(take(size + 2), 0, size);
    if (size == 0) return;
  }
}

void HttpClient::more() {
  const auto got = ::recv(socket_.get(), buffer_.data(), buffer_.size(), 0);
  if (got <= 0) throw std::runtime_error("the server closed the connection");
  received_.append(buffer_, 0, static_cast<std::size_t>(got));
}

std::string HttpClient::take(std::size_t bytes) {
  while (received_.size() < bytes) more();
  std::string taken = received_.substr(0, bytes);
  received_.erase(0, bytes);
  return taken;
}

}  // namespace cc::bench
