#pragma once
// For tests of JSON, written and read back.

#include <string>

#include "base/json_writer.h"

namespace cc::testing {

/// A single value as JSON.
template <class T>
std::string written(const T& content) {
  std::string out;
  JsonWriter(out).value(content);
  return out;
}

}  // namespace cc::testing
