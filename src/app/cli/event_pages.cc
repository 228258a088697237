#include "app/cli/event_pages.h"

#include <simdjson.h>

namespace cc::app {
namespace {

// The reader hands out blanks up to the next comma.
std::string without_blanks_after(std::string_view json) {
  return std::string(json.substr(0, json.find_last_of('}') + 1));
}

}  // namespace

Result<EventPage> read_event_page(std::string_view body) {
  namespace json = simdjson::ondemand;
  const simdjson::padded_string padded(body);
  json::parser parser;
  EventPage page;
  try {
    json::document document = parser.iterate(padded);
    for (json::object change_set : document["events"].get_array()) {
      page.change_sets.push_back(without_blanks_after(change_set.raw_json()));
    }
    page.cursor = std::string_view(document["cursor"].get_string());
  } catch (const simdjson::simdjson_error&) {
    return fail(ErrorCode::kInvalid, "the server's answer is not understood");
  }
  return page;
}

}  // namespace cc::app
