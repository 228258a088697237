// What takes long is done beside the streams, in turns, and not for nobody.

#include <future>
#include <latch>

#include <gmock/gmock.h>

#include "api/testing/running_server.h"

namespace cc::api {
namespace {

using ::testing::HasSubstr;
using testing::kAdminToken;
using testing::kViewerToken;
using testing::RawClient;
using testing::RunningServer;

/// Keeps workers busy until it is let go: a journal that answers slowly, a disk that hangs.
class Blockade {
 public:
  explicit Blockade(workers::WorkerPool& workers, std::ptrdiff_t threads = 2)
      : latches_(std::make_shared<Latches>(threads)) {
    for (std::ptrdiff_t i = 0; i < threads; ++i) {
      const bool taken = workers.submit({.lane = "slow",
                                         .stop = {},
                                         .turn =
                                             [latches = latches_](store::JournalReader&) {
                                               latches->running.count_down();
                                               latches->let_go.wait();
                                               return workers::Progress::kDone;
                                             },
                                         .ended = [](workers::End) {}});
      if (!taken) throw std::runtime_error("the pool refuses");
    }
    latches_->running.wait();
  }
  ~Blockade() { lift(); }
  Blockade(const Blockade&) = delete;
  Blockade& operator=(const Blockade&) = delete;

  void lift() {
    if (!std::exchange(lifted_, true)) latches_->let_go.count_down();
  }

 private:
  /// Shared with the turns, which end after they were let go: perhaps later than this.
  struct Latches {
    explicit Latches(std::ptrdiff_t threads) : running(threads) {}
    std::latch running;
    std::latch let_go{1};
  };
  std::shared_ptr<Latches> latches_;
  bool lifted_ = false;
};

std::string get(std::string_view target, std::string_view token = kViewerToken) {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " +
         std::string(token) + "\r\n\r\n";
}

/// The server's thread sees to things in the order in which they come: once this is answered, it
/// has seen to what was sent or closed before.
void pass_the_server_thread(RunningServer& server) {
  EXPECT_EQ(server.get("/healthz", "").status, 200);
}

TEST(Workers, WhatIsSlowDelaysNoStream) {
  RunningServer server;
  RawClient open(server.port());
  open.send(get("/api/v1/stream"));
  EXPECT_EQ(open.read().status, 200);
  (void)open.read_until("retry:");
  Blockade blockade(server.workers());
  RawClient search(server.port());
  search.send(get("/api/v1/sessions?q=anything"));
  server.commit(1);
  EXPECT_THAT(open.read_until("session.update"), HasSubstr("id: " + server.cursor()));
  RawClient late(server.port());
  late.send(get("/api/v1/stream"));
  EXPECT_EQ(late.read().status, 200);
  EXPECT_EQ(server.get("/readyz").status, 200);
  blockade.lift();
  EXPECT_EQ(search.read().status, 200);
}

TEST(Workers, WhatIsSlowDelaysNoOtherRequestWhileAWorkerIsFree) {
  RunningServer server;
  Blockade blockade(server.workers(), 1);
  for (const auto* target :
       {"/api/v1/sessions?q=a", "/api/v1/fleet", "/api/v1/events", "/api/v1/status", "/metrics"}) {
    EXPECT_EQ(server.get(target).status, 200) << target;
  }
}

TEST(Workers, AnswersOfOneConnectionStayInOrder) {
  RunningServer server;
  RawClient client(server.port());
  client.send(get("/api/v1/nothing") + get("/api/v1/sessions?q=a") + get("/healthz") +
              get("/api/v1/fleet"));
  for (const int status : {404, 200, 200, 200}) EXPECT_EQ(client.read().status, status);
}

/// Attack: one client asks for more and more, so that memory fills or the others wait.
TEST(Workers, OneClientsRequestsFillItsOwnLaneAlone) {
  RunningServer server({.workers = {.waiting_per_lane = 2}});
  Blockade blockade(server.workers());
  std::vector<std::unique_ptr<RawClient>> clients;
  for (const auto token : {kViewerToken, kViewerToken, kViewerToken, kAdminToken}) {
    clients.push_back(std::make_unique<RawClient>(server.port()));
    clients.back()->send(get("/api/v1/status", token));
    pass_the_server_thread(server);
  }
  const auto refused = clients[2]->read();
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.header("retry-after"), "1");
  EXPECT_EQ(refused.header("content-type"), "application/problem+json");
  blockade.lift();
  for (const std::size_t served : {0U, 1U, 3U}) EXPECT_EQ(clients[served]->read().status, 200);
}

/// Attack: so many clients that together they ask for more than can be done.
TEST(Workers, WhatIsTooMuchForAllIsRefusedWithATime) {
  RunningServer server({.workers = {.waiting = 1}});
  Blockade blockade(server.workers());
  RawClient first(server.port());
  first.send(get("/api/v1/status", kViewerToken));
  pass_the_server_thread(server);
  RawClient second(server.port());
  second.send(get("/api/v1/status", kAdminToken));
  const auto refused = second.read();
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.header("retry-after"), "1");
  EXPECT_EQ(server.get("/healthz").status, 200);
  blockade.lift();
  EXPECT_EQ(first.read().status, 200);
}

TEST(Workers, NothingIsDoneForAClientThatHasLeft) {
  RunningServer server;
  Blockade blockade(server.workers());
  const auto revoke = [&] {
    auto client = std::make_unique<RawClient>(server.port());
    client->send("DELETE /api/v1/tokens/t1 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " +
                 std::string(kAdminToken) + "\r\n\r\n");
    pass_the_server_thread(server);
    return client;
  };
  revoke().reset();
  const auto stays = revoke();
  blockade.lift();
  EXPECT_EQ(stays->read().status, 204);
  EXPECT_EQ(server.audit.told().size(), 1U);
}

TEST(Workers, AClientThatSendsOnHasNotLeft) {
  RunningServer server;
  Blockade blockade(server.workers());
  RawClient client(server.port());
  client.send(get("/api/v1/status"));
  pass_the_server_thread(server);
  client.send(get("/healthz"));
  pass_the_server_thread(server);
  blockade.lift();
  EXPECT_THAT(client.read().body, HasSubstr("journal"));
  EXPECT_THAT(client.read().body, HasSubstr("ok"));
}

TEST(Workers, AServerThatStopsAnswersWhatItWasAskedBefore) {
  RunningServer server;
  Blockade blockade(server.workers());
  RawClient client(server.port());
  client.send(get("/api/v1/status"));
  pass_the_server_thread(server);
  auto stopped = std::async(std::launch::async, [&] { server.stop(); });
  blockade.lift();
  EXPECT_EQ(client.read().status, 200);
  stopped.get();
}

}  // namespace
}  // namespace cc::api
