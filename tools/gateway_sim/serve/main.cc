#include <csignal>
#include <iostream>

#include "gateway_sim/serve/server.h"

namespace {

constexpr int kAddressTaken = 4;
constexpr cc::Millis kTimeToSayGoodbye{300};

int run(const cc::sim::Options& options) {
  boost::asio::io_context io(1);
  const cc::SystemClock clock;
  cc::sim::AsioScheduler scheduler(io.get_executor());
  cc::sim::Gateway gateway(options, clock, scheduler);
  cc::sim::Server server(io, gateway);
  try {
    server.listen();
  } catch (const boost::system::system_error& error) {
    std::cerr << "gateway-sim: cannot listen on " << options.host << ':' << options.port << ": "
              << error.code().message() << '\n';
    return kAddressTaken;
  }
  boost::asio::signal_set signals(io, SIGINT, SIGTERM);
  signals.async_wait([&](boost::system::error_code, int) {
    server.stop();
    scheduler.after(kTimeToSayGoodbye, [&] { io.stop(); });
  });
  gateway.start();
  std::cout << "gateway-sim ready ws://" << options.host << ':' << server.port() << "/ protocol "
            << static_cast<int>(options.protocol) << " agents " << gateway.world().agents().size()
            << " sessions " << gateway.world().sessions().size() << std::endl;
  io.run();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const cc::sim::Parsed parsed = cc::sim::parse_options({argv + 1, argv + argc});
  if (parsed.options) return run(*parsed.options);
  (parsed.exit_code == 0 ? std::cout : std::cerr) << parsed.text;
  return parsed.exit_code;
}
