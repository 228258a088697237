#pragma once
// Where a secret comes from: nowhere, the configuration itself, or a file that is read each time it
// is needed.

#include <filesystem>
#include <string>

#include "base/result.h"
#include "base/secret.h"
#include "files/private_file.h"

namespace cc::app {

/// Cheap to copy. `read` is thread-safe.
class SecretSource {
 public:
  SecretSource() = default;
  /// `key` names the setting as it was written, for error sentences.
  static SecretSource from_value(std::string key, Secret value);
  static SecretSource from_file(std::string key, std::filesystem::path file);
  /// Which files are taken although others may reach them.
  void accept(files::Exposure exposure) { exposure_ = exposure; }

  [[nodiscard]] bool given() const { return !key_.empty(); }
  [[nodiscard]] bool is_file() const { return !file_.empty(); }
  [[nodiscard]] const std::string& key() const { return key_; }
  [[nodiscard]] const std::filesystem::path& file() const { return file_; }  // empty: no file

  /// An empty secret where none is given. Errors begin with the key: those of
  /// `files::read_private` (links are followed), kUnavailable where the file is not there, kInvalid
  /// where it holds no secret, or one with characters that cannot be seen.
  [[nodiscard]] Result<Secret> read() const;

 private:
  std::string key_;
  Secret value_;
  std::filesystem::path file_;
  files::Exposure exposure_ = files::Exposure::kNone;
};

}  // namespace cc::app
