#include <functional>
#include <memory>
#include <optional>
#include <ostream>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <unistd.h>

#include "app/cli/commands.h"
#include "app/wiring/server_app.h"

namespace cc::app {
namespace {

constexpr int kBeatsInPatience = 3;  // one may be late

/// Catches stop signals from its construction on, so that one during the start is not lost.
class StopSignal {
 public:
  StopSignal() {
    signals_.async_wait([this](auto, int) { io_.stop(); });
  }
  /// Catches SIGHUP, which would end the process, and calls back for each while `wait` waits.
  void on_hangup(std::function<void()> heard) {
    hangups_.emplace(io_, SIGHUP);
    heard_ = std::move(heard);
    next_hangup();
  }
  /// Once it returns, the signals have their usual effect again: a second one ends the process.
  void wait() {
    io_.run();
    signals_.clear();
  }

 private:
  void next_hangup() {
    hangups_->async_wait([this](const boost::system::error_code& error, int) {
      if (error) return;
      heard_();
      next_hangup();
    });
  }

  boost::asio::io_context io_{1};
  boost::asio::signal_set signals_{io_, SIGINT, SIGTERM};
  std::optional<boost::asio::signal_set> hangups_;
  std::function<void()> heard_;
};

void tell_findings(const Config& config, telemetry::Log& log) {
  for (const auto& warning : config.warnings) log.warn(warning);
  if (config.gateways.empty()) log.warn("no gateway is configured");
  if (DataDir::open_to_others(config.data_dir)) {
    log.warn("others can look into the data directory; run chmod 700 on it",
             {{"data_dir", config.data_dir.string()}});
  }
}

}  // namespace

bool resolves(const std::string& host) {
  boost::asio::io_context io;
  boost::system::error_code error;
  return !boost::asio::ip::tcp::resolver(io).resolve(host, "", error).empty() && !error;
}

ExitCode serve(Config config, const Supervisor& supervisor, const Console& console) {
  StopSignal stop_signal;
  if (auto checked = check_secret_files(config); !checked) {
    return console.end(kExitUsage, checked.error().message);
  }
  const auto moved = fall_back_to_loopback(config, resolves);
  telemetry::Log log(STDERR_FILENO, config.log_level, config.log_format);
  const SystemClock clock;
  std::unique_ptr<ServerApp> app;
  // A service is reloaded by it; a program at a terminal ends with that. Caught before the log says
  // that we serve, heard once we do.
  if (config.tls_certificate.given() || ::isatty(STDIN_FILENO) == 0) {
    stop_signal.on_hangup([&app] { app->read_certificate_again(); });
  }
  auto started = ServerApp::start({config, clock, log});
  if (!started) return console.end(started.error().code, started.error().line);
  app = std::move(*started);
  tell_findings(config, log);
  for (const auto& sentence : moved) log.info(sentence);
  if (const auto patience = supervisor.patience()) {
    app->beat(*patience / kBeatsInPatience, [&supervisor] { supervisor.tell("WATCHDOG=1"); });
  }
  supervisor.tell("READY=1");
  stop_signal.wait();
  supervisor.tell("STOPPING=1");
  app->stop();
  return kExitClean;
}

}  // namespace cc::app
