#pragma once
// Types of fields that are more than a text or a number: JSON that is passed on as it is, who told
// a command, and what it acts on.

#include <optional>
#include <string>

namespace cc::fleet {

/// JSON, as our writer writes it: without spaces.
struct JsonObject {
  std::string json = "{}";
  friend bool operator==(const JsonObject&, const JsonObject&) = default;
};
struct JsonArray {
  std::string json = "[]";
  friend bool operator==(const JsonArray&, const JsonArray&) = default;
};
using MaybeObject = std::optional<JsonObject>;
using MaybeArray = std::optional<JsonArray>;

/// Who told a command.
struct Author {
  std::string name;
  std::string role;
  std::string via;  // page, token, cli, mcp, system
  friend bool operator==(const Author&, const Author&) = default;
};

/// What a command acts on: {"approvalId":"…"} and the like, or {}.
struct CommandTarget {
  std::string member;  // empty: nothing but the gateway
  std::string id;
  friend bool operator==(const CommandTarget&, const CommandTarget&) = default;
};

}  // namespace cc::fleet
