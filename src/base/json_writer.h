#pragma once
// Writes JSON into a string, front to back. Used where one shape is written millions of times
// (rows, journal entries); it makes no tree and allocates nothing of its own. Incoming JSON is read
// with simdjson.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cc {

/// Appends to a string that the caller owns and that must outlive the writer. Commas are its
/// business, balance is the caller's. Text must be valid UTF-8 (base/text.h sees to that); what
/// JSON must escape is escaped, and so is DEL.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  JsonWriter& begin_object();
  JsonWriter& end_object();
  JsonWriter& begin_array();
  JsonWriter& end_array();
  JsonWriter& key(std::string_view name);

  JsonWriter& value(std::string_view text);
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  JsonWriter& value(const std::string& text) { return value(std::string_view(text)); }
  JsonWriter& value(std::int64_t number);
  JsonWriter& value(std::uint64_t number);
  JsonWriter& value(int number) { return value(static_cast<std::int64_t>(number)); }
  /// Shortest form that reads back as the same double; NaN and infinities become null.
  JsonWriter& value(double number);
  JsonWriter& value(bool truth);
  JsonWriter& null();
  /// Text that is JSON already.
  JsonWriter& raw(std::string_view json);

  template <class T>
  JsonWriter& value(const std::optional<T>& maybe) {
    return maybe ? value(*maybe) : null();
  }
  template <class T>
  JsonWriter& field(std::string_view name, const T& content) {
    return key(name).value(content);
  }

 private:
  void separate();

  std::string& out_;
  bool first_ = true;  // no comma before the next value
};

}  // namespace cc
