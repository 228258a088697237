#include "bench/subject/bare_fanout.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <deque>
#include <fstream>
#include <functional>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <tuple>
#include <vector>

#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "bench/load/sockets.h"
#include "bench/subject/group_commit.h"

namespace cc::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kSlabBytes = 64 * 1024;
constexpr std::size_t kSlabs = 512;  // how far the slowest reader may be behind
constexpr std::size_t kGather = 64;
constexpr std::size_t kEvents = 256;
constexpr std::size_t kNumberDigits = 10;
constexpr std::string_view kAnswer =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

class Loop {
 public:
  using Commit = std::function<void(std::string_view)>;

  Loop(std::size_t event_bytes, Commit commit)
      : event_bytes_(event_bytes),
        commit_(std::move(commit)),
        epoll_(::epoll_create1(EPOLL_CLOEXEC)),
        input_(kSlabBytes, '\0') {
    std::tie(listener_, port_) = listen_anywhere();
    set_non_blocking(listener_.get());
    watch(listener_.get(), nullptr);
  }

  [[nodiscard]] std::uint16_t port() const { return port_; }

  [[noreturn]] void run() {
    std::array<epoll_event, kEvents> events;  // filled by the kernel
    for (;;) {
      const int ready = ::epoll_wait(epoll_, events.data(), kEvents, -1);
      const std::uint64_t before = whole_;
      for (int i = 0; i < ready; ++i) {
        const epoll_event& event = events.at(static_cast<std::size_t>(i));
        event.data.ptr == nullptr ? accept()
                                  : serve(*static_cast<Peer*>(event.data.ptr), event.events);
      }
      if (whole_ > before) publish(before);
      std::erase_if(peers_, [](const auto& peer) { return peer->gone; });
    }
  }

 private:
  struct Peer {
    Socket socket;
    bool publishes = false;
    bool reads = false;
    bool blocked = false;
    bool gone = false;
    std::uint64_t sent = 0;  // of all bytes that were ever published
  };

  void watch(int descriptor, Peer* peer) const {
    epoll_event event{.events = EPOLLIN, .data = {.ptr = peer}};
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event);
  }

  void accept() {
    auto peer = std::make_unique<Peer>();
    peer->socket =
        Socket(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (peer->socket.get() < 0) return;
    set_no_delay(peer->socket.get());
    watch(peer->socket.get(), peer.get());
    peers_.push_back(std::move(peer));
  }

  void serve(Peer& peer, std::uint32_t events) {
    if ((events & EPOLLIN) != 0) hear(peer);
    if ((events & EPOLLOUT) != 0 && !peer.gone) {
      want_writable(peer, false);
      write(peer);
    }
  }

  void hear(Peer& peer) {
    const auto got = ::recv(peer.socket.get(), input_.data(), input_.size(), 0);
    if (got <= 0) {
      peer.gone = true;
      return;
    }
    std::string_view said(input_.data(), static_cast<std::size_t>(got));
    if (!peer.publishes && !peer.reads) said = greet(peer, said);
    if (peer.publishes) store(said);
  }

  /// The first bytes say who it is.
  std::string_view greet(Peer& peer, std::string_view said) {
    if (said.front() == BareFanout::kPublisher) {
      peer.publishes = true;
      return said.substr(1);
    }
    peer.reads = true;
    peer.sent = whole_;
    send_all(peer.socket.get(), kAnswer);
    return {};
  }

  void store(std::string_view bytes) {
    while (!bytes.empty()) {
      if (slabs_.empty() || slabs_.back().size() == kSlabBytes) add_slab();
      const auto part = bytes.substr(0, kSlabBytes - slabs_.back().size());
      slabs_.back().append(part);
      stored_ += part.size();
      bytes.remove_prefix(part.size());
    }
    whole_ = stored_ - stored_ % event_bytes_;
  }

  void add_slab() {
    slabs_.emplace_back().reserve(kSlabBytes);
    if (slabs_.size() <= kSlabs) return;
    slabs_.pop_front();
    ++dropped_;
  }

  void publish(std::uint64_t from) {
    if (commit_) commit_(copy(from));
    flush();
  }

  /// From there on; only where somebody wants it in one piece.
  std::string copy(std::uint64_t from) {
    std::string group;
    while (from < whole_) {
      std::array<iovec, kGather> pieces;  // filled up to `count`
      const std::size_t count = gather(from, pieces);
      for (std::size_t i = 0; i < count; ++i) {
        group.append(static_cast<const char*>(pieces.at(i).iov_base), pieces.at(i).iov_len);
        from += pieces.at(i).iov_len;
      }
    }
    return group;
  }

  void flush() {
    for (const auto& peer : peers_) {
      if (peer->reads && !peer->blocked && !peer->gone) write(*peer);
    }
  }

  void write(Peer& peer) {
    while (peer.sent < whole_) {
      std::array<iovec, kGather> pieces;  // filled up to `count`
      const std::size_t count = gather(peer.sent, pieces);
      const auto sent = ::writev(peer.socket.get(), pieces.data(), static_cast<int>(count));
      if (sent < 0) {
        errno == EAGAIN ? want_writable(peer, true) : static_cast<void>(peer.gone = true);
        return;
      }
      peer.sent += static_cast<std::uint64_t>(sent);
    }
  }

  std::size_t gather(std::uint64_t from, std::array<iovec, kGather>& pieces) {
    std::size_t count = 0;
    for (; from < whole_ && count < kGather; ++count) {
      const std::uint64_t slab = from / kSlabBytes;
      if (slab < dropped_) throw std::runtime_error("a reader of the limit is too far behind");
      const std::size_t offset = from % kSlabBytes;
      const std::size_t size = std::min<std::uint64_t>(kSlabBytes - offset, whole_ - from);
      pieces.at(count) = {slabs_[slab - dropped_].data() + offset, size};
      from += size;
    }
    return count;
  }

  void want_writable(Peer& peer, bool wanted) const {
    peer.blocked = wanted;
    epoll_event event{.events = EPOLLIN | (wanted ? EPOLLOUT : 0U), .data = {.ptr = &peer}};
    ::epoll_ctl(epoll_, EPOLL_CTL_MOD, peer.socket.get(), &event);
  }

  const std::size_t event_bytes_;
  const Commit commit_;
  int epoll_;
  Socket listener_;
  std::uint16_t port_ = 0;
  std::vector<std::unique_ptr<Peer>> peers_;
  std::string input_;
  std::deque<std::string> slabs_;
  std::uint64_t dropped_ = 0;  // slabs
  std::uint64_t stored_ = 0;   // bytes
  std::uint64_t whole_ = 0;    // of these, in whole events
};

std::string text_of(const fs::path& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace

BareFanout::BareFanout(const Spec& spec)
    : child_({.command = {fs::canonical("/proc/self/exe"), kFlag, spec.folder,
                          std::to_string(spec.event_bytes), spec.commits ? "1" : "0"},
              .environment = {},
              .output = spec.folder / "output.log",
              .cpu = spec.cpu}) {
  std::string said;
  while (!(said = text_of(spec.folder / "output.log")).ends_with('\n')) {
    if (!child_.running()) throw std::runtime_error("the limit did not start");
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  port_ = static_cast<std::uint16_t>(std::stoi(said));
}

int BareFanout::serve(const fs::path& folder, std::size_t event_bytes, bool commits) {
  Loop::Commit commit;
  if (commits) commit = GroupCommit(folder / "limit.db", event_bytes);
  Loop loop(event_bytes, std::move(commit));
  std::cout << loop.port() << std::endl;
  loop.run();
}

std::string BareFanout::subscribe_request() {
  return "GET / HTTP/1.1\r\nHost: bench\r\n\r\n";
}

std::string BareFanout::event(std::uint64_t number, std::size_t bytes) {
  std::string content =
      fmt::format("id: limit000-{:0{}}\nevent: session.update\ndata: ", number, kNumberDigits);
  const std::size_t frame = fmt::format("{:x}", bytes).size() + 4;
  content.append(bytes - frame - content.size() - 2, 'x').append("\n\n");
  std::string chunk = fmt::format("{:x}\r\n{}\r\n", content.size(), content);
  if (chunk.size() != bytes) throw std::runtime_error("an event of the limit has the wrong size");
  return chunk;
}

}  // namespace cc::bench
