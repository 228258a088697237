#pragma once
// The data directory, and the lock that keeps other processes out of it.

#include <filesystem>
#include <optional>
#include <string>

#include <sys/types.h>

#include "base/result.h"
#include "files/descriptor.h"

namespace cc::app {

/// Locked as long as this lives.
class DataDir {
 public:
  /// Makes the directory (0700) where it is not there, and locks it. kInUse names the process that
  /// has it; kUnavailable where it cannot be made or written.
  [[nodiscard]] static Result<DataDir> open(const std::filesystem::path& root);

  [[nodiscard]] const std::filesystem::path& root() const { return root_; }
  [[nodiscard]] std::filesystem::path device_key() const { return root_ / "device-key.pem"; }
  [[nodiscard]] std::filesystem::path device_tokens() const { return root_ / "device-tokens.json"; }
  [[nodiscard]] std::filesystem::path admin_token() const { return admin_token_in(root_); }
  [[nodiscard]] std::filesystem::path tokens() const { return tokens_in(root_); }
  [[nodiscard]] std::filesystem::path audit() const { return root_ / "audit.jsonl"; }
  /// For copies of the database on their way out. Made empty, 0700.
  [[nodiscard]] Result<std::filesystem::path> make_scratch() const;

  [[nodiscard]] static std::filesystem::path admin_token_in(const std::filesystem::path& root) {
    return root / "admin-token";
  }
  [[nodiscard]] static std::filesystem::path tokens_in(const std::filesystem::path& root) {
    return root / "tokens.json";
  }
  /// The process that has it locked; empty if none. 0: unknown.
  [[nodiscard]] static std::optional<pid_t> holder(const std::filesystem::path& root);
  /// Whether others than its owner can look into it; false where it is not there.
  [[nodiscard]] static bool open_to_others(const std::filesystem::path& root);

 private:
  DataDir(std::filesystem::path root, files::Descriptor lock)
      : root_(std::move(root)), lock_(std::move(lock)) {}

  std::filesystem::path root_;
  files::Descriptor lock_;
};

}  // namespace cc::app
