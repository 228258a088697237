#pragma once
// Decides where a reader begins (docs/protocol/stream.md, "Cursor and epoch"). Pure; used by the
// stream and by pages of `/events`.

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "base/cursor.h"
#include "store/store.h"

namespace cc::stream {

/// Where a reader wants to begin, as header and query say it.
struct Start {
  enum class Kind { kNow, kOldest, kAfter, kMalformed };
  Kind kind = Kind::kNow;
  std::optional<Cursor> after;  // kAfter; kNow: what was published when that was asked for
};

/// `Last-Event-ID` wins over `after`; both absent or empty: from `now` on; "0": from the oldest
/// kept. `now` is what was published before the reader was told anything at all: who loads the
/// fleet as soon as the answer begins is told of all that comes later.
[[nodiscard]] Start start_from(std::optional<std::string_view> last_event_id,
                               std::optional<std::string_view> after,
                               std::optional<Cursor> now = std::nullopt);

/// Why a cursor cannot be served.
struct Refusal {
  std::string reason;  // epoch, retention, malformed
  Cursor cursor;       // where to go on from: the head
};

/// The number after which the reader begins, or why not.
[[nodiscard]] std::expected<Seq, Refusal> resolve(const Start& start,
                                                  const store::Position& position);

}  // namespace cc::stream
