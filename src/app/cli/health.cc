#include <ostream>

#include "app/cli/commands.h"
#include "app/cli/local_data.h"

namespace cc::app {
namespace {

constexpr Millis kLimit{
    3'000};  // of each step; who asks (a container's engine) waits a few seconds

}  // namespace

ExitCode health(const Config& config, const Console& console) {
  auto client = connect_to_server(config);
  if (!client) return console.end(kExitProblem, client.error().message);
  const auto ready = client->send({.target = "/readyz", .silence = kLimit});
  if (!ready) return console.end(kExitProblem, ready.error().message);
  if (!ready->ok()) return console.end(kExitProblem, "the server says that it is not ready");
  console.out << "ready\n";
  return kExitClean;
}

}  // namespace cc::app
