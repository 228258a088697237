#pragma once
// For tests: a row as JSON.

#include <string>

#include "fleet/rows/codec.h"

namespace cc::fleet::testing {

template <class Row>
[[nodiscard]] std::string json_of(const Fields<Row>& row, bool gateway_speaks = true) {
  std::string json;
  JsonWriter out(json);
  encode<Row>(out, row, gateway_speaks);
  return json;
}

}  // namespace cc::fleet::testing
