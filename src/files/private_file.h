#pragma once
// Files that nobody else may read: secrets, and what this installation knows about itself.
//
// Reading never hangs (a pipe in the file's place is refused) and never takes a secret that
// other users can reach (`Exposure`). Writing is whole or not at all: the content is on the disk
// under another name before it gets its own, and the folder is synced afterwards. Links are not
// followed.
//
// Who owns a file is not looked at. Its mode lets only the owner read it, so whoever can read it is
// that owner or root, and root starts this on other people's folders with good reason.

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace cc::files {

enum class Links {
  kRefuse,  // our own files
  kFollow,  // a file that the operator named: certificates and mounted secrets often are links
};

/// What is taken although other users may reach it.
enum class Exposure {
  /// Only what this user cannot change (somebody else's file, a read-only mount) and others cannot
  /// reach all the same: a folder above is closed to them, or it is root's file for a group of
  /// ours.
  kNone,
  kUnchangeable,  // what this user cannot change: secrets that Docker and Kubernetes mount
  kAny,           // it is no secret
};

struct ReadOptions {
  std::size_t max_bytes = 16U << 20U;
  Links links = Links::kRefuse;
  Exposure exposure = Exposure::kNone;
};

/// The content; nullopt where there is no such file. Thread-safe. kRefused: a link, not a plain
/// file, or open to others (the message says what mends it). kTooLarge: over `max_bytes`.
/// kUnavailable: anything else the system says.
[[nodiscard]] Result<std::optional<std::string>> read_private(const std::filesystem::path& file,
                                                              const ReadOptions& options = {});

/// Mode 0600. Once it returns the content survives power loss; if it fails, or the machine does,
/// the file is what it was before. One caller at a time: the draft is FILE.new, and one that was
/// left behind is removed. Errors: kUnavailable.
[[nodiscard]] Result<void> replace_private(const std::filesystem::path& file,
                                           std::string_view content);

/// The same guarantee for a file that must not be there yet, for any number of callers at a time.
/// kInUse where it is there.
[[nodiscard]] Result<void> create_private(const std::filesystem::path& file,
                                          std::string_view content);

}  // namespace cc::files
