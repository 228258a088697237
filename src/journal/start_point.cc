#include "journal/start_point.h"

namespace cc::journal {
namespace {

std::unexpected<Reset> reset(std::string reason, const Position& position) {
  return std::unexpected(Reset{std::move(reason), Cursor{position.epoch, position.head}});
}

std::expected<Seq, Reset> resolve_after(const Cursor& after, const Position& position) {
  if (after.epoch != position.epoch || after.seq > position.head) return reset("epoch", position);
  if (after.seq + 1 < position.oldest) return reset("retention", position);
  return after.seq;
}

}  // namespace

StartPoint start_from(std::optional<std::string_view> last_event_id,
                      std::optional<std::string_view> after, std::optional<Cursor> now) {
  const bool resumed = last_event_id && !last_event_id->empty();
  const auto asked = resumed ? *last_event_id : after.value_or("");
  if (asked.empty()) return {.kind = StartPoint::Kind::kNow, .after = std::move(now)};
  if (asked == "0") return {.kind = StartPoint::Kind::kOldest, .after = {}};
  auto cursor = Cursor::parse(asked);
  if (!cursor) return {.kind = StartPoint::Kind::kMalformed, .after = {}};
  return {.kind = StartPoint::Kind::kAfter, .after = std::move(cursor)};
}

std::expected<Seq, Reset> resolve(const StartPoint& start, const Position& position) {
  switch (start.kind) {
    case StartPoint::Kind::kNow:
      if (start.after) return resolve_after(*start.after, position);
      return position.head;
    case StartPoint::Kind::kOldest: return position.oldest == 0 ? 0 : position.oldest - 1;
    case StartPoint::Kind::kAfter: return resolve_after(*start.after, position);
    case StartPoint::Kind::kMalformed: break;
  }
  return reset("malformed", position);
}

}  // namespace cc::journal
