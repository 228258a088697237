#pragma once
// A file that gets its name only when it is whole, and never replaces another.

#include <filesystem>
#include <string_view>

#include "base/result.h"
#include "files/descriptor.h"

namespace cc::files {

/// An empty file of mode 0600 beside its target, under a name that nobody else has, so that two who
/// make the same target do not touch each other's. Gone with this unless it was given its name.
class NewFile {
 public:
  /// kInvalid: the target exists already. kUnavailable: no file can be made there.
  [[nodiscard]] static Result<NewFile> beside(const std::filesystem::path& target);
  NewFile(NewFile&& other) noexcept;
  NewFile& operator=(NewFile&&) = delete;
  ~NewFile();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] const Descriptor& descriptor() const { return opened_; }

  /// Syncs it, names it and syncs the folder. kInvalid: the target has come to be in the meantime;
  /// it is left as it is.
  [[nodiscard]] Result<void> finish();

 private:
  NewFile(std::filesystem::path target, std::filesystem::path path, Descriptor opened)
      : target_(std::move(target)), path_(std::move(path)), opened_(std::move(opened)) {}

  std::filesystem::path target_;
  std::filesystem::path path_;  // empty: it has its name
  Descriptor opened_;
};

}  // namespace cc::files
