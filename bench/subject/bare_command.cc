#include "bench/subject/bare_command.h"

#include <array>
#include <stdexcept>
#include <tuple>
#include <utility>

#include <sys/socket.h>

namespace cc::bench {
namespace {

/// Over TCP, as ours talks to both.
std::pair<Socket, Socket> connected() {
  auto [listening, port] = listen_anywhere();
  Socket one = connect_to(port);
  Socket other(::accept(listening.get(), nullptr, nullptr));
  if (other.get() < 0) throw std::runtime_error("the limit's connection was not accepted");
  set_no_delay(other.get());
  return {std::move(one), std::move(other)};
}

std::string_view receive(int socket, std::array<char, 4096>& buffer) {
  const auto got = ::recv(socket, buffer.data(), buffer.size(), 0);
  return {buffer.data(), static_cast<std::size_t>(got < 0 ? 0 : got)};
}

}  // namespace

BareCommand::BareCommand(const std::filesystem::path& file) : database_(file) {
  std::tie(client_, server_) = connected();
  std::tie(to_gateway_, gateway_) = connected();
  thread_ = std::thread([this] { serve(); });
}

BareCommand::~BareCommand() {
  ::shutdown(client_.get(), SHUT_RDWR);
  thread_.join();
}

void BareCommand::serve() {
  std::array<char, 4096> buffer{};
  for (std::uint64_t number = 0;; ++number) {
    const auto request = receive(server_.get(), buffer);
    if (request.empty()) return;
    const std::string id = std::to_string(number);
    const BareCommit::Entry entry{.body = request, .id = id, .row = request};
    database_.commit({&entry, 1});
    send_all(to_gateway_.get(), request);
  }
}

std::int64_t BareCommand::tell(const std::string& request) {
  std::array<char, 4096> buffer{};
  const std::int64_t begun = steady_now();
  send_all(client_.get(), request);
  if (receive(gateway_.get(), buffer).empty())
    throw std::runtime_error("the limit sent nothing on");
  return steady_now() - begun;
}

}  // namespace cc::bench
