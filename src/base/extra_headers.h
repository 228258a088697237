#pragma once
// Headers that are sent along to get through a proxy which asks for them, such as an access proxy
// with a key for programs.

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/secret.h"

namespace cc {

struct ExtraHeader {
  std::string name;
  Secret value;
};
using ExtraHeaders = std::vector<ExtraHeader>;

/// One `Name: value` per line; empty lines and those that begin with # do not count. kInvalid: the
/// message is a phrase that names the line by its number and never repeats a value. What frames a
/// message (Host, Connection, Upgrade, Content-Length, Transfer-Encoding, Sec-WebSocket-…) is not
/// for others to say.
[[nodiscard]] Result<ExtraHeaders> parse_extra_headers(std::string_view text);

}  // namespace cc
