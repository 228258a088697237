#include "bench/subject/control_center.h"

#include <chrono>
#include <csignal>
#include <fstream>
#include <stdexcept>
#include <thread>

namespace cc::bench {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

Child::Spec child_of(const ControlCenter::Spec& spec) {
  fs::create_directories(spec.data_dir);
  fs::permissions(spec.data_dir, fs::perms::owner_all);
  fs::remove(spec.data_dir / "serve.json");
  Child::Spec child{.command = {spec.program, "serve"},
                    .environment = {{"CONTROL_CENTER_LISTEN", "127.0.0.1:0"},
                                    {"CONTROL_CENTER_DATA_DIR", spec.data_dir},
                                    {"CONTROL_CENTER_RETENTION", "3650d"},
                                    {"CONTROL_CENTER_RETENTION_BYTES", "0"}},
                    .output = spec.data_dir / "bench.log",
                    .cpu = spec.cpu};
  if (!spec.configuration.empty()) {
    child.command.insert(child.command.end(), {"--config", spec.configuration});
  }
  if (!spec.gateway_url.empty()) {
    child.environment["WS_GATEWAY_URL"] = spec.gateway_url;
    child.environment["GATEWAY_URL"] = "off";
    child.environment["OPENCLAW_GATEWAY_TOKEN"] = spec.gateway_token;
    if (!spec.gateway_access.empty()) {
      child.environment["CONTROL_CENTER_GATEWAY_ACCESS"] = spec.gateway_access;
    }
  }
  return child;
}

std::uint16_t port_in(const std::string& run_file) {
  const auto url = run_file.find("127.0.0.1:");
  if (url != std::string::npos)
    return static_cast<std::uint16_t>(std::stoi(run_file.substr(url + 10)));
  const auto member = run_file.find("\"port\":");
  if (member == std::string::npos) throw std::runtime_error("no port in " + run_file);
  return static_cast<std::uint16_t>(std::stoi(run_file.substr(member + 7)));
}

std::string contents(const fs::path& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// With the token that it drew for itself, as most have it.
std::string login_of(const fs::path& data_dir) {
  const auto token = contents(data_dir / "admin-token");
  return "Authorization: Bearer " + token.substr(0, token.find('\n')) + "\r\n";
}

}  // namespace

ControlCenter::ControlCenter(const Spec& spec) : child_(child_of(spec)), begun_(steady_now()) {
  wait_until_ready(spec.data_dir);
}

void ControlCenter::wait_until_ready(const fs::path& data_dir) {
  const fs::path run_file = data_dir / "serve.json";
  const auto deadline = std::chrono::steady_clock::now() + 60s;
  while (!fs::exists(run_file)) {
    if (!child_.running() || std::chrono::steady_clock::now() > deadline) {
      throw std::runtime_error("control-center did not start; see " +
                               (data_dir / "bench.log").string());
    }
    std::this_thread::sleep_for(500us);
  }
  port_ = port_in(contents(run_file));
  login_ = login_of(data_dir);
  while (client().get("/readyz").status != 200) std::this_thread::sleep_for(1ms);
  start_seconds_ = static_cast<double>(steady_now() - begun_) / 1e9;
}

void ControlCenter::wait_until_live() {
  for (int turn = 0; get("/api/v1/gateways").find("\"state\":\"live\"") == std::string::npos;
       ++turn) {
    if (turn == 6'000) throw std::runtime_error("the gateway does not become live");
    std::this_thread::sleep_for(10ms);
  }
}

Cursor ControlCenter::cursor() {
  const std::string text = get("/api/v1/gateways");
  const auto at = text.rfind("\"cursor\":\"");
  const auto begin = at + 10;
  auto found =
      at == std::string::npos
          ? std::nullopt
          : Cursor::parse(std::string_view(text).substr(begin, text.find('"', begin) - begin));
  if (!found) throw std::runtime_error("no cursor in " + text.substr(0, 200));
  return *std::move(found);
}

std::uint64_t ControlCenter::head() {
  return cursor().seq;
}

ControlCenter::Place ControlCenter::place(std::uint64_t behind) {
  Cursor at = cursor();
  at.seq -= behind;
  return {.request = "GET /api/v1/stream?after=" + at.text() + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" +
                     login_ + "\r\n",
          .after = at.seq};
}

void ControlCenter::wait_for_head(std::uint64_t number) {
  for (int turn = 0; head() < number; ++turn) {
    if (turn == 60'000) throw std::runtime_error("not everything was committed");
    std::this_thread::sleep_for(1ms);
  }
}

std::string ControlCenter::get(const std::string& target) {
  // Anew each time: between two questions a bench may measure for longer than the server keeps an
  // idle connection.
  Answer answer = client().get(target);
  if (answer.status != 200) {
    throw std::runtime_error("GET " + target + ": " + std::to_string(answer.status) + ' ' +
                             answer.body.substr(0, 200));
  }
  return std::move(answer.body);
}

double ControlCenter::metric(const std::string& name) {
  const std::string text = get("/metrics");
  const auto at = text.find('\n' + name + ' ');
  if (at == std::string::npos) throw std::runtime_error("there is no metric " + name);
  return std::stod(text.substr(at + name.size() + 2));
}

void ControlCenter::stop() {
  if (child_.running()) child_.stop(SIGTERM);
}

HttpClient ControlCenter::client() const {
  return {port_, login_};
}

}  // namespace cc::bench
