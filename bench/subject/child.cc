#include "bench/subject/child.h"

#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <stdexcept>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/load/sockets.h"

namespace cc::bench {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto kPatience = 20s;

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (auto& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

std::string first_line(const fs::path& file) {
  std::ifstream stream(file);
  std::string line;
  std::getline(stream, line);
  return line;
}

/// The scheduler's account of those threads of a process that have the name (all where it is
/// empty).
struct Account {
  double running = 0;
  double waiting = 0;
};
Account account_of(pid_t process, const std::string& thread) {
  Account sum;
  for (const auto& task : fs::directory_iterator("/proc/" + std::to_string(process) + "/task")) {
    if (!first_line(task.path() / "comm").starts_with(thread)) continue;
    double running = 0;
    double waiting = 0;
    std::ifstream(task.path() / "schedstat") >> running >> waiting;  // nanoseconds
    sum.running += running / 1e9;
    sum.waiting += waiting / 1e9;
  }
  return sum;
}

double kilobytes(const fs::path& status, const std::string& field) {
  std::ifstream stream(status);
  for (std::string line; std::getline(stream, line);) {
    if (line.starts_with(field)) return std::stod(line.substr(field.size() + 1)) * 1024;
  }
  return 0;
}

}  // namespace

Child::Child(const Spec& spec) {
  std::vector<std::string> command = spec.command;
  std::vector<std::string> environment;
  for (const auto& [name, value] : spec.environment) environment.push_back(name + '=' + value);
  const char* path = std::getenv("PATH");  // NOLINT(concurrency-mt-unsafe): nobody sets it
  environment.push_back(std::string("PATH=") + (path == nullptr ? "" : path));
  const auto argv = pointers(command);
  const auto envp = pointers(environment);
  const int out = ::open(spec.output.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  std::array<int, 2> until_exec{-1, -1};
  if (::pipe2(until_exec.data(), O_CLOEXEC) != 0) throw std::runtime_error("there is no pipe");
  pid_ = ::fork();
  if (pid_ < 0) throw std::runtime_error("cannot start " + command.front());
  if (pid_ > 0) {
    if (out >= 0) ::close(out);
    ::close(until_exec[1]);
    char nothing = 0;
    (void)!::read(until_exec[0], &nothing, 1);  // the end, once the other end is closed by exec
    ::close(until_exec[0]);
    return;
  }
  // Only what is allowed between fork and exec.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  run_on_cpu(spec.cpu);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(out, STDERR_FILENO);
  ::execvpe(argv.front(), argv.data(), envp.data());
  ::_exit(127);
}

Child::~Child() {
  if (pid_ > 0) stop(SIGTERM);
}

Child::Child(Child&& other) noexcept : pid_(std::exchange(other.pid_, -1)) {}

bool Child::running() {
  if (pid_ <= 0) return false;
  if (::waitpid(pid_, nullptr, WNOHANG) == 0) return true;
  pid_ = -1;
  return false;
}

void Child::stop(int signal) {
  ::kill(pid_, signal);
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (running()) {
    if (std::chrono::steady_clock::now() > deadline) ::kill(pid_, SIGKILL);
    std::this_thread::sleep_for(1ms);
  }
}

double cpu_seconds(pid_t process, const std::string& thread) {
  return account_of(process, thread).running;
}

double cpu_wait_seconds(pid_t process, const std::string& thread) {
  return account_of(process, thread).waiting;
}

std::vector<pid_t> children_of(pid_t parent) {
  const std::string id = std::to_string(parent);
  std::ifstream stream("/proc/" + id + "/task/" + id + "/children");
  std::vector<pid_t> children;
  for (pid_t child = 0; stream >> child;) children.push_back(child);
  return children;
}

Memory memory_of(pid_t process) {
  const fs::path status = "/proc/" + std::to_string(process) + "/status";
  return {.anonymous = kilobytes(status, "RssAnon:"), .resident = kilobytes(status, "VmRSS:")};
}

double own_thread_cpu_seconds() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

}  // namespace cc::bench
