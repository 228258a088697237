#include "stream/delivery.h"

#include <utility>

#include "stream/sse_encoder.h"

namespace cc::stream {

Standing Delivery::serve(Subscriber& reader, bool may_replay) {
  if (reader.broken()) return Standing::kBroken;
  if (reader.blocked()) return Standing::kBlocked;
  switch (prepare(reader, may_replay)) {
    case Next::kNothing: break;
    case Next::kEntries: send(reader); break;
    case Next::kOvertaken: reset(reader, "retention"); break;
    case Next::kNotRead: return may_replay ? Standing::kNotRead : Standing::kBehind;
  }
  return standing(reader);
}

Standing Delivery::standing(const Subscriber& reader) const {
  if (reader.broken()) return Standing::kBroken;
  if (reader.blocked()) return Standing::kBlocked;
  return reader.cursor() < parts_.ring.head().seq ? Standing::kBehind : Standing::kCaughtUp;
}

Delivery::Next Delivery::prepare(const Subscriber& reader, bool may_replay) {
  const auto after = reader.cursor();
  if (slice_ && slice_->slice.serves(after, reader.filter(), reader.chunked())) {
    return Next::kEntries;
  }
  auto& prepared = slice_.emplace(Slice(after, reader.filter(), reader.chunked()));
  Next next = Next::kNotRead;
  if (parts_.ring.fill(after, prepared.slice)) {
    next = prepared.slice.through() > after ? Next::kEntries : Next::kNothing;
  } else if (may_replay) {
    next = replay(reader, prepared);
  }
  if (next != Next::kEntries) slice_.reset();
  return next;
}

Delivery::Next Delivery::replay(const Subscriber& reader, Prepared& prepared) {
  const auto after = reader.cursor();
  prepared.replayed = true;
  switch (parts_.replay.fill(after, parts_.ring.head().seq, prepared.slice)) {
    case Replay::Found::kNotRead: return Next::kNotRead;
    case Replay::Found::kOvertaken: return Next::kOvertaken;
    case Replay::Found::kEntries: break;
  }
  parts_.replay.read_ahead(after, parts_.ring.from());
  return Next::kEntries;
}

void Delivery::send(Subscriber& reader) {
  const auto sent = reader.take(slice_->slice, parts_.clock.steady());
  sent_.entries += sent.entries;
  sent_.bytes += sent.bytes;
  if (slice_->replayed) replayed_ += sent.entries;
}

void Delivery::reset(Subscriber& reader, std::string_view reason) {
  const auto head = parts_.ring.head();
  std::string text;
  append_reset(text, reason, head.text());
  reader.move_to(head.seq);
  parts_.metrics.reset_sent(reason);
  reader.say(text, parts_.clock.steady());
}

void Delivery::report() {
  if (sent_.bytes > 0) parts_.metrics.entries_sent(sent_.entries, sent_.bytes);
  if (replayed_ > 0) parts_.metrics.replayed(replayed_);
  sent_ = {};
  replayed_ = 0;
}

}  // namespace cc::stream
