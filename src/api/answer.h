#pragma once
// What a handler comes to: a response, or what leads to one.

#include <functional>
#include <optional>
#include <variant>

#include "api/http/response.h"
#include "auth/auth.h"
#include "store/store.h"
#include "stream/wanted.h"

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
  stream::Wanted wanted;
  auth::Identity reader;
};

using Answer = std::variant<Response, InPieces, Later, Follow>;

}  // namespace cc::api
