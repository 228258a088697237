#pragma once
// Shorthand for the JSON that the simulator writes again and again.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json_writer.h"

namespace cc::sim {

/// An object; `write` fills it.
template <class Write>
[[nodiscard]] std::string object_with(Write&& write) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  std::forward<Write>(write)(json);
  json.end_object();
  return out;
}

/// An object with these pairs of name and value, in order.
template <class... Fields>
[[nodiscard]] std::string object_of(const Fields&... fields) {
  return object_with([&](JsonWriter& json) { (json.field(fields.first, fields.second), ...); });
}

inline void write_strings(JsonWriter& json, std::string_view name,
                          const std::vector<std::string>& items) {
  json.key(name).begin_array();
  for (const std::string& item : items) json.value(item);
  json.end_array();
}

/// Null where the text is empty.
inline void text_or_null(JsonWriter& json, std::string_view name, std::string_view text) {
  json.key(name);
  if (text.empty()) {
    json.null();
  } else {
    json.value(text);
  }
}

}  // namespace cc::sim
