#include "api/testing/raw_client.h"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <stdexcept>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace cc::api::testing {
namespace {

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

Answer parse_head(std::string_view head) {
  Answer answer;
  answer.status = std::atoi(std::string(head.substr(9, 3)).c_str());
  while (true) {
    head.remove_prefix(head.find("\r\n") + 2);
    const std::size_t colon = head.find(':');
    const std::size_t end = head.find("\r\n");
    if (end == 0 || colon == std::string_view::npos) return answer;
    answer.headers.emplace(lower(std::string(head.substr(0, colon))),
                           std::string(head.substr(colon + 2, end - colon - 2)));
  }
}

}  // namespace

RawClient::RawClient(unsigned short port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval patience{10, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  // NOLINTNEXTLINE: what the sockets API asks for
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error("cannot connect");
  }
}

RawClient::~RawClient() {
  ::close(socket_);
}

void RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;  // the server may have closed already: reading tells
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

bool RawClient::receive() {
  std::array<char, 16384> piece{};
  const auto size = ::recv(socket_, piece.data(), piece.size(), 0);
  if (size <= 0) return false;
  held_.append(piece.data(), static_cast<std::size_t>(size));
  return true;
}

Answer RawClient::read(bool head_only) {
  std::size_t end = held_.find("\r\n\r\n");
  while (end == std::string::npos) {
    if (!receive()) return {};
    end = held_.find("\r\n\r\n");
  }
  Answer answer = parse_head(std::string_view(held_).substr(0, end + 4));
  held_.erase(0, end + 4);
  const std::string length = answer.header("content-length");
  if (head_only || length.empty()) return answer;
  const auto size = static_cast<std::size_t>(std::atoll(length.c_str()));
  while (held_.size() < size && receive()) {
  }
  answer.body = held_.substr(0, size);
  held_.erase(0, size);
  return answer;
}

std::string RawClient::read_until(std::string_view text) {
  while (held_.find(text) == std::string::npos && receive()) {
  }
  return std::exchange(held_, {});
}

bool RawClient::is_closed() {
  return held_.empty() && !receive() && errno != EAGAIN && errno != EWOULDBLOCK;
}

}  // namespace cc::api::testing
