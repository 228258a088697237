#pragma once
// What is answered, as plain values. The connection turns it into bytes.

#include <cstdint>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "api/http/request.h"
#include "auth/auth.h"
#include "base/cursor.h"
#include "fleet/words.h"

namespace cc::api {

struct Response;

/// A file that is sent in pieces. It has no name any more: closing it frees its space.
struct FileBody {
  std::shared_ptr<std::ifstream> file;
  std::uintmax_t size = 0;
};

/// From here on the connection belongs to the stream.
struct StreamBody {
  std::optional<std::string> last_event_id;
  std::optional<std::string> after;
  std::set<fleet::EventKind> kinds;    // empty: all
  std::optional<std::string> gateway;  // empty: all
  auth::Identity reader;
  Cursor now;  // published when the stream was asked for
};

/// The answer takes time: `begin` is called once on the server's thread, and calls back once, on
/// any thread.
struct LaterBody {
  std::function<void(std::function<void(Response)>)> begin;
};

/// Text of our own that lives as long as the program.
using StaticBody = std::string_view;

using Body = std::variant<std::string, StaticBody, FileBody, StreamBody, LaterBody>;

struct Response {
  int status = 200;
  std::vector<Header> headers;
  Body body;

  Response& with(std::string name, std::string value) {
    headers.push_back({std::move(name), std::move(value)});
    return *this;
  }
};

[[nodiscard]] Response json_response(std::string body, int status = 200);
[[nodiscard]] Response no_content();
[[nodiscard]] std::string_view reason_phrase(int status);

/// A member of a problem beside the usual four: a text, or null.
using ProblemMember = std::pair<std::string_view, std::optional<std::string_view>>;

/// An error as RFC 9457 has it. `detail` never repeats what was sent unless that is known to be
/// valid UTF-8.
[[nodiscard]] Response problem(int status, std::string_view detail,
                               std::initializer_list<ProblemMember> extra = {});

}  // namespace cc::api
