#pragma once
// A file descriptor that is closed when it goes, and the system calls that everybody gets slightly
// wrong: short writes, interruptions, and folders that want an fsync too.

#include <filesystem>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace cc::files {

class Descriptor {
 public:
  /// Takes ownership of `fd`. Negative: none.
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  [[nodiscard]] bool is_open() const { return fd_ >= 0; }
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

/// All of `bytes`, however many writes it takes. False: `errno` says why.
[[nodiscard]] bool write_all(const Descriptor& out, std::string_view bytes);

/// What is in `file`, on the disk.
[[nodiscard]] Result<void> sync_file(const std::filesystem::path& file);
/// The names in the folder that holds `file`, on the disk.
[[nodiscard]] Result<void> sync_folder_of(const std::filesystem::path& file);

/// kUnavailable, "cannot DO FILE: " and what the system said last (`errno`).
[[nodiscard]] std::unexpected<Error> system_failure(std::string_view what,
                                                    const std::filesystem::path& file);

}  // namespace cc::files
