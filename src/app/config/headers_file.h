#pragma once
// The file with headers for a proxy that stands ahead of a gateway.

#include "app/config/config.h"
#include "base/extra_headers.h"

namespace cc::app {

/// None where no file is given. `exposure`: who else may read it. Errors begin with the setting's
/// key: those of `files::read_private` (links are followed), kUnavailable where the file is not
/// there, kInvalid where a line is no header. Thread-safe.
[[nodiscard]] Result<ExtraHeaders> read_headers_file(const NamedFile& file,
                                                     files::Exposure exposure);

}  // namespace cc::app
