#pragma once
// Decides where a reader begins (docs/protocol/stream.md, "Cursor and epoch"). Pure; used by the
// stream and by pages of `/events`.

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "base/cursor.h"
#include "journal/position.h"

namespace cc::journal {

/// Where a reader asks to begin, from header and query.
struct StartPoint {
  enum class Kind { kNow, kOldest, kAfter, kMalformed };
  Kind kind = Kind::kNow;
  std::optional<Cursor> after;  // for kAfter; for kNow: the head at the time of the request
};

/// `Last-Event-ID` wins over `after`; both absent or empty: from `now` on; "0": from the oldest
/// kept. `now` is the head before the reader got its first byte. So a client that loads the fleet
/// after the answer began misses nothing.
[[nodiscard]] StartPoint start_from(std::optional<std::string_view> last_event_id,
                                    std::optional<std::string_view> after,
                                    std::optional<Cursor> now = std::nullopt);

/// Why a cursor cannot be served.
struct Reset {
  std::string reason;  // epoch, retention, malformed
  Cursor cursor;       // where to go on from: the head
};

/// The number after which the reader begins, or why not.
[[nodiscard]] std::expected<Seq, Reset> resolve(const StartPoint& start, const Position& position);

}  // namespace cc::journal
