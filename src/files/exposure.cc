#include "files/exposure.h"

#include <filesystem>
#include <string>

#include <sys/statvfs.h>
#include <unistd.h>

namespace cc::files {
namespace {

namespace fs = std::filesystem;

constexpr uid_t kRoot = 0;

bool on_a_read_only_mount(const Descriptor& opened) {
  struct statvfs mount{};
  return ::fstatvfs(opened.get(), &mount) == 0 && (mount.f_flag & ST_RDONLY) != 0;
}

/// Root put it there for a group: that is how a system hands a secret to a service.
bool is_roots_for_our_group(const struct stat& status) {
  const bool to_the_group_alone = (status.st_mode & S_IRWXO) == 0;
  const bool ours = status.st_gid == ::getegid() || ::group_member(status.st_gid) != 0;
  return status.st_uid == kRoot && to_the_group_alone && ours;
}

/// Only its owner, who is us or root, gets through.
bool is_closed(const fs::path& folder) {
  struct stat status{};
  if (::stat(folder.c_str(), &status) != 0) return false;
  const bool trusted = status.st_uid == ::geteuid() || status.st_uid == kRoot;
  return trusted && (status.st_mode & (S_IXGRP | S_IXOTH)) == 0;
}

/// Where the file really is, whatever links led to it. Empty where the system does not tell.
fs::path place_of(const Descriptor& opened) {
  std::error_code error;
  return fs::read_symlink("/proc/self/fd/" + std::to_string(opened.get()), error);
}

}  // namespace

bool mode_lets_others_in(const struct stat& status) {
  return (status.st_mode & (S_IRWXG | S_IRWXO)) != 0;
}

bool can_be_changed(const Descriptor& opened, const struct stat& status) {
  const bool may = ::geteuid() == status.st_uid || ::geteuid() == kRoot;
  return may && !on_a_read_only_mount(opened);
}

bool others_can_reach(const Descriptor& opened, const struct stat& status) {
  if (is_roots_for_our_group(status)) return false;
  for (auto folder = place_of(opened).parent_path(); !folder.empty();
       folder = folder.parent_path()) {
    if (is_closed(folder)) return false;
    if (folder == folder.root_path()) break;
  }
  return true;
}

}  // namespace cc::files
