#include "bench/load/readers.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <thread>

#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "bench/load/sockets.h"

namespace cc::bench {
namespace {

constexpr std::size_t kConnectAtATime = 200;
constexpr std::size_t kReadBytes = 256 * 1024;
constexpr std::size_t kSlots = 1U << 16U;
constexpr std::size_t kReaderEvents = 256;

}  // namespace

struct Readers::Reader {
  Socket socket;
  bool answered = false;
  std::uint64_t last = 0;   // number of the entry that was begun last
  std::size_t missing = 0;  // bytes of the block that is under way
  bool is_entry = false;    // and whether it is one
  std::string head;         // what came of a block's beginning, or of the answer's head
};

struct Readers::Thread {
  std::jthread thread;
};

Readers::Readers(Spec spec, Completed completed, SentAt sent_at)
    : spec_(std::move(spec)),
      on_completed_(std::move(completed)),
      sent_at_(std::move(sent_at)),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      stop_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      buffer_(kReadBytes, '\0'),
      reached_(kSlots, 0) {
  epoll_event stop{.events = EPOLLIN, .data = {.ptr = nullptr}};
  ::epoll_ctl(epoll_, EPOLL_CTL_ADD, stop_, &stop);
  while (readers_.size() < spec_.count) {
    connect_some(std::min(kConnectAtATime, spec_.count - readers_.size()));
  }
  thread_ = std::make_unique<Thread>(std::jthread([this] { run(); }));
}

Readers::~Readers() {
  const std::uint64_t one = 1;
  (void)!::write(stop_, &one, sizeof one);
  thread_.reset();
  ::close(epoll_);
  ::close(stop_);
}

/// In steps, so that no server's queue of connections overflows.
void Readers::connect_some(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) open();
  const auto deadline = steady_now() + std::int64_t{30} * 1'000'000'000;
  while (answered_ < readers_.size() && !failed_) {
    serve(100);
    if (steady_now() > deadline) fail("the server does not answer all readers");
  }
  check();
}

void Readers::open() {
  auto reader = std::make_unique<Reader>();
  reader->socket = connect_to(spec_.port);
  reader->last = spec_.after;
  send_all(reader->socket.get(), spec_.request);
  set_non_blocking(reader->socket.get());
  epoll_event event{.events = EPOLLIN, .data = {.ptr = reader.get()}};
  ::epoll_ctl(epoll_, EPOLL_CTL_ADD, reader->socket.get(), &event);
  readers_.push_back(std::move(reader));
}

void Readers::run() {
  run_on_cpu(spec_.cpu);
  bool stopped = false;
  while (!stopped && !failed_) {
    serve(-1);
    std::uint64_t asked = 0;
    stopped = ::read(stop_, &asked, sizeof asked) > 0;
  }
}

void Readers::serve(int timeout_ms) {
  std::array<epoll_event, kReaderEvents> events;  // filled by the kernel
  const int ready = ::epoll_wait(epoll_, events.data(), kReaderEvents, timeout_ms);
  try {
    for (int i = 0; i < ready; ++i) {
      auto* reader = static_cast<Reader*>(events.at(static_cast<std::size_t>(i)).data.ptr);
      if (reader != nullptr) receive(*reader);
    }
  } catch (const std::exception& error) {
    fail(error.what());
  }
  delivered_ = arrived_;
  complete_up_to_date();
}

void Readers::receive(Reader& reader) {
  const auto got = ::recv(reader.socket.get(), buffer_.data(), buffer_.size(), 0);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got <= 0) throw std::runtime_error("the server closed a reader's connection");
  bytes_ += static_cast<std::uint64_t>(got);
  if (recording_) now_ = steady_now();
  take(reader, std::string_view(buffer_).substr(0, static_cast<std::size_t>(got)));
}

void Readers::take(Reader& reader, std::string_view bytes) {
  while (!bytes.empty()) {
    if (reader.missing == 0) {
      bytes.remove_prefix(take_head(reader, bytes));
      continue;
    }
    const std::size_t part = std::min(reader.missing, bytes.size());
    reader.missing -= part;
    bytes.remove_prefix(part);
    if (reader.missing == 0) arrived(reader);
  }
}

/// Consumes the beginning of a block, or of the answer; returns how many bytes of `bytes`.
std::size_t Readers::take_head(Reader& reader, std::string_view bytes) {
  if (reader.answered && reader.head.empty()) {
    if (const auto block = read_block(spec_.wire, spec_.payload, bytes)) {
      begin(reader, *block);
      return 0;
    }
  }
  // Byte by byte it is found out where the beginning ends; this is rare.
  reader.head += bytes.front();
  if (!reader.answered) {
    if (!reader.head.ends_with("\r\n\r\n")) return 1;
    if (!reader.head.starts_with("HTTP/1.1 200")) throw std::runtime_error(reader.head);
    reader.answered = true;
    ++answered_;
    reader.head.clear();
    return 1;
  }
  if (const auto block = read_block(spec_.wire, spec_.payload, reader.head)) {
    begin(reader, *block);
    reader.missing -= reader.head.size();
    reader.head.clear();
    if (reader.missing == 0) arrived(reader);
  }
  return 1;
}

void Readers::begin(Reader& reader, const Block& block) {
  reader.missing = block.size;
  reader.is_entry = block.number != 0;
  if (!reader.is_entry) return;
  if (block.number != reader.last + 1) {
    throw std::runtime_error("a reader got entry " + std::to_string(block.number) + " after " +
                             std::to_string(reader.last));
  }
  reader.last = block.number;
}

void Readers::arrived(Reader& reader) {
  if (!reader.is_entry) return;
  const std::uint64_t number = reader.last - spec_.after;
  ++arrived_;
  ++reached_[number % kSlots];
  if (!recording_ || !sent_at_) return;
  if (const std::int64_t sent = sent_at_(number); sent != 0) latencies_.add(now_ - sent);
}

void Readers::complete_up_to_date() {
  std::uint64_t complete = complete_;
  const std::uint64_t before = complete;
  while (reached_[(complete + 1) % kSlots] == spec_.count) reached_[++complete % kSlots] = 0;
  if (complete == before) return;
  complete_ = complete;
  if (on_completed_) on_completed_(complete);
}

void Readers::fail(const std::string& why) {
  if (failed_) return;
  failure_ = why;
  failed_ = true;
}

void Readers::check() const {
  if (failed_) throw std::runtime_error(failure_);
}

void Readers::wait_for(std::uint64_t number) const {
  std::uint64_t seen = completed();
  // A machine may be busy; only one on which nothing comes any more has lost something.
  for (int idle = 0; completed() < number; ++idle) {
    check();
    if (completed() != seen) {
      seen = completed();
      idle = 0;
    }
    if (idle == 60'000) {
      throw std::runtime_error("of " + std::to_string(number) + " entries only " +
                               std::to_string(seen) + " came to all readers");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

}  // namespace cc::bench
