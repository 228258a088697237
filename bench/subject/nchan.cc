#include "bench/subject/nchan.h"

#include <chrono>
#include <fstream>
#include <system_error>
#include <thread>

#include <fmt/format.h>

#include "bench/load/sockets.h"

namespace cc::bench {
namespace {

namespace fs = std::filesystem;

constexpr const char* kProgram = "/usr/sbin/nginx";
constexpr const char* kModule = "/usr/lib/nginx/modules/ngx_nchan_module.so";

/// One worker, since our server serves readers on one thread; nothing on that costs and is not
/// needed (no log, no pings). The buffer holds more than is ever on its way.
constexpr const char* kConfiguration = R"(load_module {module};
worker_processes 1;
worker_rlimit_nofile 20000;
daemon off;
pid {folder}/pid;
error_log {folder}/error.log warn;
events {{ worker_connections 16000; }}
http {{
  access_log off;
  keepalive_requests 1000000000;
  keepalive_timeout 1h;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  nchan_shared_memory_size 256M;
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    location = /publish {{
      nchan_publisher http;
      nchan_channel_id bench;
      nchan_message_buffer_length 256;
    }}
    location = /subscribe {{
      nchan_subscriber eventsource;
      nchan_channel_id bench;
      nchan_subscriber_first_message newest;
      nchan_eventsource_ping_interval 0;
    }}
  }}
}}
)";

/// One that was free a moment ago.
std::uint16_t free_port() {
  return listen_anywhere().second;
}

fs::path configure(const fs::path& folder, std::uint16_t port) {
  fs::create_directories(folder);
  std::ofstream(folder / "nginx.conf")
      << fmt::format(fmt::runtime(kConfiguration), fmt::arg("module", kModule),
                     fmt::arg("folder", folder.string()), fmt::arg("port", port));
  return folder / "nginx.conf";
}

bool listens(std::uint16_t port) {
  try {
    (void)connect_to(port);
    return true;
  } catch (const std::system_error&) {
    return false;
  }
}

}  // namespace

bool Nchan::installed() {
  return fs::exists(kProgram) && fs::exists(kModule);
}

Nchan::Nchan(const fs::path& folder, int cpu)
    : port_(free_port()),
      child_({.command = {kProgram, "-c", configure(folder, port_), "-p", folder},
              .environment = {},
              .output = folder / "output.log",
              .cpu = cpu}) {
  while (children_of(child_.pid()).empty() || !listens(port_)) {
    if (!child_.running()) {
      throw std::runtime_error("nginx did not start; see " + folder.string());
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  worker_ = children_of(child_.pid()).front();
}

std::string Nchan::subscribe_request() {
  return "GET /subscribe HTTP/1.1\r\nHost: bench\r\nAccept: text/event-stream\r\n\r\n";
}

void Nchan::append_publish(std::string& out, std::string_view data) {
  fmt::format_to(std::back_inserter(out),
                 "POST /publish HTTP/1.1\r\nHost: bench\r\nContent-Length: {}\r\n\r\n{}",
                 data.size(), data);
}

}  // namespace cc::bench
