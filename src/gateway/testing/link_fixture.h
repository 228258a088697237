#pragma once
// For tests: a link, a scripted gateway, and a sink that remembers; all on one io_context that the
// test turns.

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/link.h"
#include "gateway/testing/scripted_gateway.h"

namespace cc::gateway::testing {

/// Commits everything at once, or fails as often as it is told to.
class RecordingSink final : public fleet::ObservationSink {
 public:
  void submit(fleet::Observation observation, fleet::Ack ack) override;

  template <class What>
  [[nodiscard]] std::vector<const What*> all() const {
    std::vector<const What*> found;
    for (const auto& observation : heard) {
      if (const auto* what = std::get_if<What>(&observation.what)) found.push_back(what);
    }
    return found;
  }
  template <class What>
  [[nodiscard]] int count() const {
    return static_cast<int>(all<What>().size());
  }
  /// The latest word on the connection, wherever it came with.
  [[nodiscard]] std::optional<fleet::ConnectionReport> report() const;

  std::vector<fleet::Observation> heard;
  int failures = 0;            // so many settlements fail
  bool keeps_waiting = false;  // acknowledgements are kept in `unacked`
  std::vector<fleet::Ack> unacked;
};

class LinkFixture : public ::testing::Test {
 protected:
  LinkFixture();
  ~LinkFixture() override;
  void TearDown() override;

  /// Short times, the gateway's addresses, a token. Change `options` before `start`.
  void start();
  void stop();
  /// Turns the io_context until `holds`; a failure of the test where it does not within a minute.
  ::testing::AssertionResult until(const std::function<bool()>& holds);
  /// Turns it for so long, to see that something does not happen.
  void idle(Millis time);

  [[nodiscard]] fleet::GatewayState state() const;
  [[nodiscard]] std::string detail() const;
  [[nodiscard]] std::string action() const;
  [[nodiscard]] bool is_live() const { return state() == fleet::GatewayState::kLive; }
  [[nodiscard]] bool logged(const std::string& text) const;
  [[nodiscard]] int times_logged(const std::string& text) const;
  void set_token(const std::string& token) { token_ = token; }

  boost::asio::io_context io;
  std::unique_ptr<ScriptedGateway> gateway;
  RecordingSink sink;
  SystemClock clock;
  std::ostringstream log_text;
  telemetry::Log log{log_text, telemetry::LogLevel::kDebug, telemetry::LogFormat::kText};
  telemetry::Metrics metrics;
  LinkOptions options;
  std::unique_ptr<Link> link;
  std::filesystem::path directory;

 private:
  std::string token_ = "right";
};

}  // namespace cc::gateway::testing
