#pragma once
// JSON objects for the wire.

#include <string>

#include "base/json_writer.h"

namespace cc::gateway::protocol {

/// An object; `write` fills it.
template <class Write>
[[nodiscard]] std::string object_with(Write write) {
  std::string json;
  JsonWriter out(json);
  out.begin_object();
  write(out);
  out.end_object();
  return json;
}

}  // namespace cc::gateway::protocol
