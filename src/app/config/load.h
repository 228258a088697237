#pragma once
// Flags beat environment, environment beats the file, the file beats the default.

#include <functional>
#include <optional>

#include "app/config/sources.h"

namespace cc::app {

struct Sources {
  Values flags;
  Environment environment;
  std::optional<std::filesystem::path> file;  // --config
};

/// Opens nothing but the configuration file. Error messages are whole lines, as in sources.h.
[[nodiscard]] Result<Config> load_config(const Sources& sources);

/// Reads every secret file once, so that a wrong one stops the start and not the first connect.
[[nodiscard]] Result<void> check_secret_files(const Config& config);

/// Whether a host name resolves. May block as long as the system's resolver does.
using Resolves = std::function<bool(const std::string& host)>;

/// Built-in URLs whose host does not resolve (we are in no container) get the loopback address on
/// the same port. Returns a sentence for the log for each gateway that this changed.
std::vector<std::string> fall_back_to_loopback(Config& config, const Resolves& resolves);

}  // namespace cc::app
