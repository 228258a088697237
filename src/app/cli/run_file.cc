#include "app/cli/run_file.h"

#include <fmt/format.h>
#include <simdjson.h>
#include <unistd.h>

#include "app/data_dir.h"
#include "base/json_writer.h"
#include "files/private_file.h"

namespace cc::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxBytes = 64 * 1024;

fs::path run_file(const fs::path& data_dir) {
  return data_dir / "serve.json";
}

std::string encode(const RunningServer& server) {
  std::string out;
  JsonWriter(out)
      .begin_object()
      .field("url", server.url())
      .field("host", server.host)
      .field("port", static_cast<int>(server.port))
      .field("pid", static_cast<int>(server.pid))
      .field("version", server.version)
      .field("certificate", server.certificate.string())
      .end_object();
  return out + "\n";
}

std::optional<RunningServer> read(const fs::path& file) {
  const auto content = files::read_private(file, {.max_bytes = kMaxBytes});
  if (!content || !*content) return std::nullopt;
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  std::string_view host;
  std::string_view version;
  std::string_view certificate;
  std::int64_t port = 0;
  std::int64_t pid = 0;
  if (parser.parse(**content).get(root) != simdjson::SUCCESS ||
      root["host"].get(host) != simdjson::SUCCESS || root["port"].get(port) != simdjson::SUCCESS ||
      root["pid"].get(pid) != simdjson::SUCCESS ||
      root["version"].get(version) != simdjson::SUCCESS ||
      root["certificate"].get(certificate) != simdjson::SUCCESS || port < 1 || port > 65535) {
    return std::nullopt;
  }
  return RunningServer{std::string(host), static_cast<unsigned short>(port),
                       static_cast<pid_t>(pid), std::string(version),
                       std::filesystem::path(certificate)};
}

}  // namespace

std::string RunningServer::url() const {
  return fmt::format("{}://{}", certificate.empty() ? "http" : "https", authority(host, port));
}

Result<RunFile> RunFile::write(const fs::path& data_dir, const RunningServer& server) {
  const auto file = run_file(data_dir);
  if (auto written = files::replace_private(file, encode(server)); !written) {
    return std::unexpected(written.error());
  }
  return RunFile(file);
}

RunFile::~RunFile() {
  if (!file_.empty()) ::unlink(file_.c_str());
}

Result<RunningServer> find_server(const fs::path& data_dir) {
  const auto holder = DataDir::holder(data_dir);
  if (!holder) {
    return fail(ErrorCode::kNotFound, fmt::format("no server runs on {}", data_dir.string()));
  }
  auto server = read(run_file(data_dir));
  if (!server || server->pid != *holder) {
    return fail(ErrorCode::kUnavailable,
                fmt::format("process {} has {} and does not answer yet; try again in a moment",
                            *holder, data_dir.string()));
  }
  return std::move(*server);
}

std::string host_to_reach(const std::string& listen_host) {
  if (listen_host == "0.0.0.0") return "127.0.0.1";
  if (listen_host.find(':') == std::string::npos) return listen_host;
  const bool is_any = listen_host.find_first_not_of("0:") == std::string::npos;
  return is_any ? "::1" : listen_host;
}

std::string authority(const std::string& host, unsigned short port) {
  const bool bare = host.find(':') == std::string::npos;
  return bare ? fmt::format("{}:{}", host, port) : fmt::format("[{}]:{}", host, port);
}

}  // namespace cc::app
