#include "gateway/testing/link_fixture.h"

#include <stdlib.h>

namespace cc::gateway::testing {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

void RecordingSink::submit(fleet::Observation observation, fleet::Ack ack) {
  heard.push_back(std::move(observation));
  if (!ack) return;
  if (keeps_waiting) {
    unacked.push_back(std::move(ack));
  } else if (failures > 0) {
    --failures;
    ack(fail(ErrorCode::kUnavailable, "the disk is full"));
  } else {
    ack({});
  }
}

std::optional<fleet::ConnectionReport> RecordingSink::report() const {
  for (auto it = heard.rbegin(); it != heard.rend(); ++it) {
    if (const auto* report = std::get_if<fleet::ConnectionReport>(&it->what)) return *report;
    if (const auto* sync = std::get_if<fleet::FleetSync>(&it->what)) return sync->connection;
    if (const auto* polled = std::get_if<fleet::Polled>(&it->what)) return polled->connection;
  }
  return std::nullopt;
}

LinkFixture::LinkFixture() : gateway(std::make_unique<ScriptedGateway>(io)) {
  std::string name = (fs::temp_directory_path() / "link-test-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
  directory = name;
  options.name = "default";
  options.token = [this] { return Result<Secret>(Secret(token_)); };
  options.device_tokens = directory / "device-tokens";
  options.poll_interval = 20ms;
  options.ws_ready_timeout = 10s;
  Timing& timing = options.timing;
  timing.connect = timing.challenge = timing.call = timing.slow_call = timing.http = 5s;
  timing.closing = 200ms;
  timing.backoff_first = 10ms;
  timing.backoff_most = 40ms;
  timing.token_recheck = 10ms;
  timing.least_blocked = 10ms;
  timing.agents_debounce = timing.sessions_debounce = timing.figures_after = 20ms;
  timing.checks_apart = 20ms;
  timing.sessions_spacing = 40ms;
  timing.sessions_spacing_most = 80ms;
  timing.refetch_retry = 20ms;
}

LinkFixture::~LinkFixture() {
  fs::remove_all(directory);
}

void LinkFixture::start() {
  if (!options.ws_url) options.ws_url = gateway->ws_url();
  if (options.ws_url->empty()) options.ws_url.reset();
  link = std::make_unique<Link>(Link::Parts{io.get_executor(), sink, clock, log, metrics,
                                            protocol::DeviceIdentity::generate()},
                                options);
  link->start();
}

void LinkFixture::stop() {
  if (!link) return;
  bool stopped = false;
  link->stop([&stopped] { stopped = true; });
  EXPECT_TRUE(until([&] { return stopped; })) << "the link did not stop";
  link.reset();
}

void LinkFixture::TearDown() {
  stop();
}

::testing::AssertionResult LinkFixture::until(const std::function<bool()>& holds) {
  const auto deadline = std::chrono::steady_clock::now() + 60s;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > deadline) {
      return ::testing::AssertionFailure() << "it did not come to that; the log says:\n"
                                           << log_text.str();
    }
    if (io.stopped()) io.restart();
    io.run_one_for(10ms);
  }
  return ::testing::AssertionSuccess();
}

void LinkFixture::idle(Millis time) {
  if (io.stopped()) io.restart();
  io.run_for(time);
}

fleet::GatewayState LinkFixture::state() const {
  return sink.report().value_or(fleet::ConnectionReport{}).state;
}

std::string LinkFixture::detail() const {
  return sink.report().value_or(fleet::ConnectionReport{}).detail.value_or("");
}

std::string LinkFixture::action() const {
  return sink.report().value_or(fleet::ConnectionReport{}).action.value_or("");
}

bool LinkFixture::logged(const std::string& text) const {
  return times_logged(text) > 0;
}

int LinkFixture::times_logged(const std::string& text) const {
  const std::string all = log_text.str();
  int times = 0;
  for (auto at = all.find(text); at != std::string::npos; at = all.find(text, at + 1)) ++times;
  return times;
}

}  // namespace cc::gateway::testing
