#pragma once
// Whether other users can reach a file, and whether this one could mend that. By modes; access
// control lists are not looked at.

#include <sys/stat.h>

#include "files/descriptor.h"

namespace cc::files {

/// Whether the file's own mode gives others anything.
[[nodiscard]] bool mode_lets_others_in(const struct stat& status);

/// Whether this user could change the mode: its owner or root, and no read-only mount.
[[nodiscard]] bool can_be_changed(const Descriptor& opened, const struct stat& status);

/// Whether others get to it, though its mode lets them: every folder above is open, and it is not
/// root's file for one of our groups alone.
[[nodiscard]] bool others_can_reach(const Descriptor& opened, const struct stat& status);

}  // namespace cc::files
