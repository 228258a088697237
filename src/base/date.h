#pragma once
// Times as people and HTTP write them, always in UTC, and how long something takes.

#include <string>

#include "base/clock.h"

namespace cc {

/// 2026-11-29
[[nodiscard]] std::string utc_day(TimeMs at);
/// 2026-11-29T01:31Z
[[nodiscard]] std::string utc_minute(TimeMs at);
/// Sun, 29 Nov 2026 01:31:46 GMT (RFC 9110, section 5.6.7)
[[nodiscard]] std::string http_date(TimeMs at);

/// 8 d, 7 d 23 h, 3 h 5 min, 40 s: the two largest units, rounded down.
[[nodiscard]] std::string duration_text(Millis duration);

}  // namespace cc
