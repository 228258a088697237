#pragma once
// The head of a response, as bytes.

#include <cstdint>
#include <optional>
#include <string>

#include "api/http/response.h"
#include "base/clock.h"

namespace cc::api {

struct Framing {
  std::optional<std::uintmax_t> length;  // empty: the body has no known end
  bool chunked = false;
  bool keep_alive = true;
};

/// Status line and headers with the empty line that ends them. What would end a line inside a value
/// is left out.
[[nodiscard]] std::string response_head(const Response& response, const Framing& framing,
                                        TimeMs now);

}  // namespace cc::api
