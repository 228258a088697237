#pragma once
// A page of `/api/v1/events`, taken apart without changing a byte of the change sets in it.

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace cc::app {

struct EventPage {
  std::vector<std::string> change_sets;  // JSON, as it was stored
  std::string cursor;
};

/// kInvalid where it is not a page.
[[nodiscard]] Result<EventPage> read_event_page(std::string_view body);

}  // namespace cc::app
