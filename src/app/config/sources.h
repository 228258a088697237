#pragma once
// Reads flags, environment and file, each into the same shape. load.h decides which wins.

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "app/config/settings.h"
#include "base/result.h"

namespace cc::app {

using Environment = std::map<std::string, std::string, std::less<>>;

/// The process's environment (`environ`), copied.
[[nodiscard]] Environment read_environment(const char* const* environ);

/// Values by variable name.
using Values = std::map<std::string_view, Written>;

/// One `[[gateway]]` table; `key` says where it stands: `control-center.toml:12: gateway`.
struct GatewayTable {
  std::string key;
  std::map<std::string_view, Written> values;
};

struct FileContent {
  Values values;
  std::vector<GatewayTable> gateways;
  bool holds_secret = false;
};

/// Error messages are whole lines: the key as it was written, what is wrong, the accepted form.
/// kInvalid where a CONTROL_CENTER_ variable is none of ours.
[[nodiscard]] Result<Values> read_variables(const Environment& environment);
/// kUnavailable where the file cannot be read, kInvalid where it is not TOML, has an unknown key or
/// a value of a kind that no setting has. `key` names who asked for the file: `--config`.
[[nodiscard]] Result<FileContent> read_file(std::string_view key,
                                            const std::filesystem::path& file);

}  // namespace cc::app
