#pragma once
// The limit of telling a gateway something: a request comes in, one commit, and it is sent on.

#include <filesystem>
#include <string>
#include <thread>

#include "bench/load/sockets.h"
#include "bench/subject/bare_commit.h"

namespace cc::bench {

/// Two threads: one commits and sends on, the other is the gateway, which says when bytes came.
class BareCommand {
 public:
  explicit BareCommand(const std::filesystem::path& file);
  ~BareCommand();
  BareCommand(const BareCommand&) = delete;
  BareCommand& operator=(const BareCommand&) = delete;

  /// Nanoseconds from the request to the gateway's socket.
  [[nodiscard]] std::int64_t tell(const std::string& request);

 private:
  void serve();

  BareCommit database_;
  Socket client_;
  Socket server_;
  Socket to_gateway_;
  Socket gateway_;
  std::thread thread_;
};

}  // namespace cc::bench
