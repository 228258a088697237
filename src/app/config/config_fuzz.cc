// The configuration: a file, then a zero byte, then variables of the environment and flags, one a
// line. What is refused is refused in one line; what is accepted is within bounds.

#include <set>

#include <sys/mman.h>
#include <unistd.h>

#include "app/config/load.h"
#include "app/config/settings.h"
#include "base/text.h"
#include "fuzzing.h"

namespace cc::app {
namespace {

using fuzzing::must;
using fuzzing::take_until;

/// A file in memory that has a name.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view content) : file_(::memfd_create("config", MFD_CLOEXEC)) {
    must(::write(file_, content.data(), content.size()) == static_cast<ssize_t>(content.size()),
         "a file in memory");
  }
  ~MemoryFile() { ::close(file_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(file_); }

 private:
  int file_;
};

/// `NAME=VALUE` is a variable; with a dash before it, the flag of that setting.
void read_line(std::string_view line, Sources& sources) {
  const bool flag = line.starts_with('-');
  if (flag) line.remove_prefix(1);
  const auto name = take_until(line, '=');
  if (name.empty()) return;
  if (!flag) {
    sources.environment.insert_or_assign(std::string(name), std::string(line));
  } else if (const auto* setting = find_setting(name)) {
    sources.flags.insert_or_assign(setting->variable,
                                   Written{flag_of(*setting), std::string(line)});
  }
}

void check_gateway(const GatewayConfig& gateway) {
  must(!gateway.name.empty() && gateway.name.size() <= 64, "the name of a gateway");
  must(gateway.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789._-") ==
           std::string::npos,
       "a letter in the name of a gateway");
  for (const auto& url : {gateway.ws_url, gateway.rest_url}) {
    must(!url || clean_text(*url) == *url, "a URL that is not clean");
  }
  must(!gateway.poll_interval || *gateway.poll_interval > Millis(0), "an interval of nothing");
  must(!gateway.tls_fingerprint || gateway.tls_fingerprint->size() == 64, "a fingerprint");
}

void check(const Config& config) {
  std::set<std::string> names;
  for (const auto& gateway : config.gateways) {
    check_gateway(gateway);
    must(names.insert(gateway.name).second, "two gateways of one name");
  }
  must(config.poll_interval > Millis(0), "an interval of nothing");
  must(config.retention > Millis(0), "a retention of nothing");
  must(config.stall_after > Millis(0), "a stall after nothing");
  must(config.protocols.min <= config.protocols.max, "a range of protocols");
}

void load(std::string_view input) {
  const MemoryFile file(take_until(input, '\0'));
  Sources sources;
  sources.environment.emplace("HOME", "/home/otto");
  sources.file = file.path();
  while (!input.empty()) read_line(take_until(input, '\n'), sources);
  const auto config = load_config(sources);
  if (config) return check(*config);
  const auto& line = config.error().message;
  must(!line.empty() && line.find_first_of("\r\n") == std::string::npos, "one line");
  must(clean_text(line, line.size()) == line, "a line that is not clean");
}

}  // namespace
}  // namespace cc::app

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  cc::app::load(cc::fuzzing::text_of(data, size));
  return 0;
}
