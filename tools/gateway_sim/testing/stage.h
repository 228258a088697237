#pragma once
// A gateway without sockets: time is turned by hand, and a client keeps what it was sent.

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/testing/fake_clock.h"
#include "gateway_sim/gateway.h"

namespace cc::sim {

/// Runs tasks when their time has come on a clock that it turns itself.
class ManualScheduler final : public Scheduler {
 public:
  explicit ManualScheduler(FakeClock& clock) : clock_(clock) {}

  void after(Millis delay, std::function<void()> task) override {
    tasks_.emplace(clock_.wall() + delay.count(), std::move(task));
  }

  void run_for(Millis time) {
    const TimeMs end = clock_.wall() + time.count();
    while (!tasks_.empty() && tasks_.begin()->first <= end) {
      auto next = tasks_.extract(tasks_.begin());
      clock_.advance(Millis{std::max<TimeMs>(0, next.key() - clock_.wall())});
      next.mapped()();
    }
    clock_.advance(Millis{end - clock_.wall()});
  }

 private:
  FakeClock& clock_;
  std::multimap<TimeMs, std::function<void()>> tasks_;
};

class RecordingPeer final : public Peer {
 public:
  [[nodiscard]] Client& client() override { return client_; }
  void deliver(const Event& event) override { events.push_back(event.name); }
  void send_text(std::string text) override { texts.push_back(std::move(text)); }
  void close(std::uint16_t code, std::string /*reason*/) override { closed_with = code; }
  void drop() override { dropped = true; }
  void hang() override { hanging = true; }
  void skip(std::uint64_t numbers) override { skipped += numbers; }
  [[nodiscard]] std::uint64_t last_seq() const override { return 0; }

  std::vector<std::string> events;  // by name
  std::vector<std::string> texts;
  std::uint16_t closed_with = 0;
  std::uint64_t skipped = 0;
  bool dropped = false;
  bool hanging = false;

 private:
  Client client_;
};

/// The gateway, and one client that may do all.
class Stage {
 public:
  explicit Stage(Protocol protocol) : gateway(options_for(protocol), clock, scheduler) {
    peer.client().connection_id = "c-1";
    peer.client().scopes = {"operator.admin"};
    gateway.join(peer);
  }

  FakeClock clock;
  ManualScheduler scheduler{clock};
  Gateway gateway;
  RecordingPeer peer;

 private:
  static Options options_for(Protocol protocol) {
    Options options;
    options.protocol = protocol;
    options.world = {.agents = 3, .sessions = 12, .seed = 1};
    options.events_per_second = 0;
    return options;
  }
};

}  // namespace cc::sim
