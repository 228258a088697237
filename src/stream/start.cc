#include "stream/start.h"

namespace cc::stream {
namespace {

std::unexpected<Refusal> refuse(std::string reason, const store::Position& position) {
  return std::unexpected(Refusal{std::move(reason), Cursor{position.epoch, position.head}});
}

std::expected<Seq, Refusal> resolve_after(const Cursor& after, const store::Position& position) {
  if (after.epoch != position.epoch || after.seq > position.head) return refuse("epoch", position);
  if (after.seq + 1 < position.oldest) return refuse("retention", position);
  return after.seq;
}

}  // namespace

Start start_from(std::optional<std::string_view> last_event_id,
                 std::optional<std::string_view> after, std::optional<Cursor> now) {
  const bool resumed = last_event_id && !last_event_id->empty();
  const auto asked = resumed ? *last_event_id : after.value_or("");
  if (asked.empty()) return {.kind = Start::Kind::kNow, .after = std::move(now)};
  if (asked == "0") return {.kind = Start::Kind::kOldest, .after = {}};
  auto cursor = Cursor::parse(asked);
  if (!cursor) return {.kind = Start::Kind::kMalformed, .after = {}};
  return {.kind = Start::Kind::kAfter, .after = std::move(cursor)};
}

std::expected<Seq, Refusal> resolve(const Start& start, const store::Position& position) {
  switch (start.kind) {
    case Start::Kind::kNow:
      if (start.after) return resolve_after(*start.after, position);
      return position.head;
    case Start::Kind::kOldest: return position.oldest == 0 ? 0 : position.oldest - 1;
    case Start::Kind::kAfter: return resolve_after(*start.after, position);
    case Start::Kind::kMalformed: break;
  }
  return refuse("malformed", position);
}

}  // namespace cc::stream
