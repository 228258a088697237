#pragma once
// A program that a bench starts, and what the kernel says about it.

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <sys/types.h>

namespace cc::bench {

/// Ended, with SIGTERM and then SIGKILL, by its destructor. Its output goes to a file.
class Child {
 public:
  struct Spec {
    std::vector<std::string> command;
    std::map<std::string, std::string> environment;  // all of it, but PATH
    std::filesystem::path output;
    int cpu = -1;  // where it is to run; -1: anywhere
  };

  /// Returns once the command was executed, or could not be.
  explicit Child(const Spec& spec);
  ~Child();
  Child(Child&& other) noexcept;
  Child& operator=(Child&&) = delete;

  [[nodiscard]] pid_t pid() const { return pid_; }
  [[nodiscard]] bool running();
  /// Waits for its end, which `signal` asks for.
  void stop(int signal);

 private:
  pid_t pid_ = -1;
};

/// CPU seconds used so far, by those of its threads whose names begin so; empty: by all.
[[nodiscard]] double cpu_seconds(pid_t process, const std::string& thread = {});
/// Seconds for which these could have run, and waited for a processor.
[[nodiscard]] double cpu_wait_seconds(pid_t process, const std::string& thread);
/// Processes that `parent` has started.
[[nodiscard]] std::vector<pid_t> children_of(pid_t parent);

/// Bytes of memory that are the process's own (heap and stacks), and those that are resident.
struct Memory {
  double anonymous = 0;
  double resident = 0;
};
[[nodiscard]] Memory memory_of(pid_t process);

/// CPU seconds of the calling thread.
[[nodiscard]] double own_thread_cpu_seconds();

}  // namespace cc::bench
