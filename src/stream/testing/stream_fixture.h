#pragma once
// A Stream over a fake journal, with readers that are connected over loopback. One thread, a fake
// clock.

#include <chrono>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <gtest/gtest.h>

#include "base/testing/fake_clock.h"
#include "stream/stream.h"
#include "stream/testing/fake_journal.h"
#include "stream/testing/test_reader.h"

namespace cc::stream::testing {

struct Asked {
  std::string after;       // as in the query; empty: from now on
  std::optional<Seq> now;  // the head when it asked; none: the head of now
  Filter filter;
  std::optional<Millis> heartbeat = {};
  bool chunked = true;
  std::function<bool()> allowed = [] { return true; };
  int receive_buffer = 64 * 1024;  // small, so that a reader that does not read is soon felt
};

inline std::string cursor(Seq seq) {
  return Cursor{test_epoch(), seq}.text();
}

class StreamFixture : public ::testing::Test {
 protected:
  using tcp = boost::asio::ip::tcp;

  StreamFixture() { options_.tick = Millis(1); }

  void start() {
    stream_ = std::make_unique<Stream>(
        Stream::Parts{io_.get_executor(), journal_, workers_, clock_, log_, metrics_}, options_);
  }

  std::shared_ptr<TestReader> connect(Asked asked = {}) {
    tcp::socket client(io_, tcp::v4());
    client.set_option(boost::asio::socket_base::receive_buffer_size(asked.receive_buffer));
    client.connect(acceptor_.local_endpoint());
    auto server = acceptor_.accept();
    server.set_option(boost::asio::socket_base::send_buffer_size(64 * 1024));
    const Cursor now{test_epoch(), asked.now.value_or(journal_.position().head)};
    stream_->serve(std::move(server), asked.chunked,
                   {.start = journal::start_from({}, asked.after, now),
                    .filter = std::move(asked.filter),
                    .heartbeat = asked.heartbeat},
                   std::move(asked.allowed), [this] { ++closed_; });
    return std::make_shared<TestReader>(std::move(client), asked.chunked);
  }

  std::shared_ptr<TestReader> connect_and_read(Asked asked = {}) {
    auto reader = connect(std::move(asked));
    reader->read();
    return reader;
  }

  void commit(std::size_t count, std::size_t padding = 0, const std::string& gateway = "default",
              fleet::EventKind kind = fleet::EventKind::kSessionUpdate) {
    std::vector<journal::Entry> entries;
    for (std::size_t i = 0; i < count; ++i)
      entries.push_back(journal_.append(gateway, kind, padding));
    stream_->committed(entries, test_epoch());
    stream_->wake();
  }

  /// Runs everything until `done`. After a long time it gives up and returns false.
  bool run_until(const std::function<bool()>& done) {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!done() && std::chrono::steady_clock::now() < limit) {
      io_.restart();
      if (!workers_.run_one()) io_.run_one_for(std::chrono::milliseconds(20));
    }
    return done();
  }
  /// Gives everything that could still happen the time to happen, above all ticks. In rounds, so
  /// that on a busy machine the time is not over before anything has run.
  void settle() {
    for (int round = 0; round < 20; ++round) {
      io_.restart();
      io_.run_one_for(std::chrono::milliseconds(1));
      while (workers_.run_one()) {
        io_.restart();
        io_.poll();
      }
    }
  }

  boost::asio::io_context io_{1};
  tcp::acceptor acceptor_{io_, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)};
  FakeJournal journal_;
  FakeClock clock_;
  std::ostringstream log_text_;
  telemetry::Log log_{log_text_, telemetry::LogLevel::kInfo, telemetry::LogFormat::kText};
  telemetry::Metrics metrics_;
  workers::WorkerPool workers_{{journal_, clock_, log_, metrics_}, {.threads = 0}};
  StreamOptions options_;
  int closed_ = 0;
  std::unique_ptr<Stream> stream_;
};

/// The numbers of the entries that arrived, in order; a reset is 0.
inline std::vector<Seq> numbers(const TestReader& reader) {
  std::vector<Seq> seen;
  for (const auto& event : reader.stream.events) {
    const auto at = Cursor::parse(event.id);
    seen.push_back(event.type == "reset" || !at ? 0 : at->seq);
  }
  return seen;
}

inline std::vector<Seq> range(Seq first, Seq last) {
  std::vector<Seq> all;
  for (Seq seq = first; seq <= last; ++seq) all.push_back(seq);
  return all;
}

}  // namespace cc::stream::testing
