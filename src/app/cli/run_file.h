#pragma once
// `serve.json` in the data directory: where a running server answers, for the other commands.

#include <filesystem>
#include <string>

#include <sys/types.h>

#include "base/result.h"

namespace cc::app {

struct RunningServer {
  std::string host;  // to connect to: a loopback address where the server listens on all; IPv6
                     // without brackets
  unsigned short port = 0;
  pid_t pid = 0;
  std::string version;
  std::filesystem::path certificate = {};  // that it shows; empty: it speaks plain HTTP

  [[nodiscard]] std::string url() const;
};

/// There as long as this lives (and after a kill -9, which is why the data directory's lock is
/// asked first).
class RunFile {
 public:
  /// Mode 0600, written whole or not at all.
  [[nodiscard]] static Result<RunFile> write(const std::filesystem::path& data_dir,
                                             const RunningServer& server);
  ~RunFile();
  RunFile(RunFile&& other) noexcept : file_(std::exchange(other.file_, {})) {}
  RunFile& operator=(RunFile&&) = delete;

 private:
  explicit RunFile(std::filesystem::path file) : file_(std::move(file)) {}
  std::filesystem::path file_;
};

/// kNotFound: no server runs on this directory. kUnavailable: one has it locked but does not answer
/// yet (it starts or stops), or another command has it.
[[nodiscard]] Result<RunningServer> find_server(const std::filesystem::path& data_dir);

/// Where to connect to a server that listens on `listen_host`.
[[nodiscard]] std::string host_to_reach(const std::string& listen_host);
/// `HOST:PORT`, with brackets around IPv6.
[[nodiscard]] std::string authority(const std::string& host, unsigned short port);

}  // namespace cc::app
