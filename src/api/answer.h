#pragma once
// What a handler comes to: a response, or what leads to one.

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <variant>

#include "api/http/response.h"
#include "auth/auth.h"
#include "base/cursor.h"
#include "fleet/words.h"
#include "store/store.h"

namespace cc::api {

/// A response that takes long: `next` is called again and again on a worker's thread, a few
/// milliseconds each, until it gives one.
struct InPieces {
  std::function<std::optional<Response>(store::JournalReader& journal)> next;
};

/// A response that comes from elsewhere: `begin` is called once on the server's thread, and calls
/// back once, on any thread.
struct Later {
  std::function<void(std::function<void(Response)>)> begin;
};

/// Once the head is sent the connection belongs to the stream.
struct Follow {
  Response head;
  std::optional<std::string> last_event_id;
  std::optional<std::string> after;
  std::set<fleet::EventKind> kinds;    // empty: all
  std::optional<std::string> gateway;  // empty: all
  auth::Identity reader;
  Cursor now;  // published when the stream was asked for
};

using Answer = std::variant<Response, InPieces, Later, Follow>;

}  // namespace cc::api
