#pragma once
// One event frame, encoded once for everybody. What differs from connection to connection, the
// sequence number, is put behind it when it is sent.

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/json_writer.h"

namespace cc::sim {

/// Who gets an event.
enum class Audience {
  kAll,
  kReaders,      // scope operator.read
  kSubscribers,  // sessions.subscribe was called
  kApprovers,    // scope operator.approvals, on protocol 4 a cap too
  kPairers,      // scope operator.pairing
};

struct Event {
  std::string name;
  Audience audience = Audience::kAll;
  /// The frame without its last brace, so that `seq` can follow.
  std::shared_ptr<const std::string> body;
  /// May be left out for a reader that is behind (deltas, presence, health, tick).
  bool droppable = false;
  /// Sent to chosen connections: carries no `seq` on protocol 3.
  bool targeted = false;
  bool with_state_version = false;
  /// Goes out this much later, and then only if `session_key` last ran `run_id` still (empty: in
  /// any case).
  Millis delay{0};
  std::string session_key;
  std::string run_id;
};

using Story = std::vector<Event>;

/// `write` fills the payload's object.
template <class Write>
[[nodiscard]] Event make_event(std::string_view name, Audience audience, Write&& write) {
  auto body = std::make_shared<std::string>();
  JsonWriter json(*body);
  json.begin_object().field("type", "event").field("event", name).key("payload").begin_object();
  std::forward<Write>(write)(json);
  json.end_object();
  Event event;
  event.name = name;
  event.audience = audience;
  event.body = std::move(body);
  return event;
}

/// These events, in order.
template <class... Events>
[[nodiscard]] Story told(Events... events) {
  Story story;
  story.reserve(sizeof...(events));
  (story.push_back(std::move(events)), ...);
  return story;
}

inline void append(Story& story, Story more) {
  for (Event& event : more) story.push_back(std::move(event));
}

}  // namespace cc::sim
