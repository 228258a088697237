#pragma once
// What the tests of the configuration share: a directory that goes away, and sources made by hand.

#include <filesystem>
#include <fstream>
#include <string>

#include <stdlib.h>

#include "app/config/load.h"

namespace cc::app {

class ScratchDirectory {
 public:
  ScratchDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "cc-app-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~ScratchDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  /// Mode 0600 unless told otherwise.
  std::filesystem::path write(const std::string& name, const std::string& content,
                              unsigned mode = 0600) const {
    const auto file = path_ / name;
    std::ofstream(file) << content;
    std::filesystem::permissions(file, static_cast<std::filesystem::perms>(mode));
    return file;
  }

 private:
  std::filesystem::path path_;
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
