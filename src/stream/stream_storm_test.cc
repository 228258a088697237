// Everything at once, drawn at random: readers that come, read slowly, drop and come back with
// their cursor; filters; a writer on its own thread; retention. Each reader must get every entry in
// order and once. A hole needs a reset.

#include <random>
#include <thread>

#include <gtest/gtest.h>

#include "stream/stream.h"
#include "stream/testing/stream_fixture.h"

namespace cc::stream::testing {
namespace {

constexpr Seq kEntries = 2000;

/// One client over all its connections.
struct Client {
  std::shared_ptr<TestReader> reader;
  std::optional<std::string> gateway;
  std::vector<SseEvent> seen;
  std::string cursor = testing::cursor(0);

  [[nodiscard]] std::string at() const {
    const bool told = reader && !reader->stream.last_event_id.empty();
    return told ? reader->stream.last_event_id : cursor;
  }
  /// Ends the connection, and keeps the events that arrived whole.
  void leave() {
    if (!reader) return;
    seen.insert(seen.end(), reader->stream.events.begin(), reader->stream.events.end());
    cursor = at();
    reader->close();
    reader.reset();
  }
};

class StreamStormTest : public StreamFixture, public ::testing::WithParamInterface<unsigned> {
 protected:
  void come(Client& client) {
    client.reader =
        connect({.after = client.cursor, .filter = {.kinds = {}, .gateway = client.gateway}});
  }

  static std::string gateway_of(Seq seq) { return seq % 3 == 0 ? "a" : "b"; }

  void write(unsigned seed) {
    std::mt19937 random(seed);
    for (Seq seq = 1; seq <= kEntries;) {
      std::vector<journal::Entry> entries;
      for (auto n = 1 + random() % 30; n > 0 && seq <= kEntries; --n, ++seq) {
        const std::size_t padding = random() % 50 == 0 ? 60'000 : random() % 3000;
        entries.push_back(
            journal_.append(gateway_of(seq), fleet::EventKind::kAgentUpdate, padding));
      }
      stream_->committed(entries, test_epoch());
      stream_->wake();
      if (random() % 40 == 0 && seq > 800) journal_.trim_to(seq - 800);
      std::this_thread::yield();
    }
  }

  static void check(const Client& client) {
    Seq last = 0;
    for (const auto& event : client.seen) {
      const auto at = Cursor::parse(event.id);
      ASSERT_TRUE(at) << event.id;
      if (event.type == "reset") {
        ASSERT_GE(at->seq, last);
        last = at->seq;
        continue;
      }
      const Seq expected = next_wanted(client, last);
      ASSERT_EQ(at->seq, expected);
      ASSERT_TRUE(event.data.contains("\"n\":" + std::to_string(expected) + ","));
      last = at->seq;
    }
    ASSERT_GT(next_wanted(client, last), kEntries);
  }

  static Seq next_wanted(const Client& client, Seq after) {
    Seq next = after + 1;
    while (client.gateway && gateway_of(next) != *client.gateway) ++next;
    return next;
  }
};

TEST_P(StreamStormTest, EveryReaderGetsEverythingOnceInOrder) {
  std::mt19937 random(GetParam());
  options_.ring_entries = 64 + random() % 500;
  options_.dead_after = std::chrono::hours(1000);  // this clock runs fast
  options_.page_entries = 16 + random() % 100;
  SCOPED_TRACE("seed " + std::to_string(GetParam()));
  start();
  std::vector<Client> clients(25);
  for (std::size_t i = 0; i < clients.size(); ++i) {
    if (i % 3 == 1) clients[i].gateway = "a";
    come(clients[i]);
  }
  std::jthread writer([&] { write(GetParam() + 1); });
  for (int round = 0; round < 600; ++round) {
    auto& client = clients[random() % clients.size()];
    switch (random() % 6) {
      case 0: client.leave(); break;
      case 1:
        if (client.reader) client.reader->pause();
        break;
      default:
        if (!client.reader) come(client);
        client.reader->read(1 + random() % 20'000);
    }
    clock_.advance(Millis(random() % 200));
    io_.restart();
    io_.run_one_for(std::chrono::milliseconds(1));
    io_.poll();
  }
  for (auto& client : clients) {
    if (!client.reader) come(client);
    client.reader->read(65536);
  }
  for (auto& client : clients) {
    // The bookmark brings a filtered reader to the head even where the last entries are not for it.
    EXPECT_TRUE(run_until([&] {
      clock_.advance(Millis(100));
      return client.at() == testing::cursor(kEntries);
    })) << "stands at "
        << client.at();
    client.leave();
    check(client);
  }
  EXPECT_TRUE(run_until([&] { return stream_->readers() == 0; }));
}

INSTANTIATE_TEST_SUITE_P(Seeds, StreamStormTest, ::testing::Values(1U, 2U, 3U));

}  // namespace
}  // namespace cc::stream::testing
