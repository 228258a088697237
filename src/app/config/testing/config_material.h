#pragma once
// What the tests of the configuration share: a directory that goes away, and sources made by hand.

#include <filesystem>
#include <string>

#include "app/config/load.h"
#include "files/testing/scratch.h"

namespace cc::app {

class ScratchDirectory : public files::testing::ScratchFolder {
 public:
  /// Mode 0600 unless told otherwise.
  std::filesystem::path write(const std::string& name, const std::string& content,
                              unsigned mode = 0600) const {
    files::testing::put(*this / name, content, static_cast<std::filesystem::perms>(mode));
    return *this / name;
  }
};

inline Environment bare_environment() {
  return {{"HOME", "/home/otto"}};
}

inline Sources from_environment(Environment more) {
  more.merge(bare_environment());
  return {{}, std::move(more), {}};
}

inline Sources from_flag(std::string_view variable, const std::string& value) {
  const auto* setting = find_setting(variable);
  return {{{setting->variable, {flag_of(*setting), value}}}, bare_environment(), {}};
}

inline Sources from_file(const ScratchDirectory& directory, const std::string& toml) {
  return {{}, bare_environment(), directory.write("cc.toml", toml)};
}

/// The line of a configuration that must not be accepted.
inline std::string line_of(const Sources& sources) {
  const auto config = load_config(sources);
  return config ? "accepted" : config.error().message;
}

}  // namespace cc::app
