#include "journal/run_ends.h"

#include <simdjson.h>

namespace cc::journal {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;

std::optional<std::string_view> text(element row, std::string_view name) {
  std::string_view value;
  return row[name].get(value) == simdjson::SUCCESS ? std::optional(value) : std::nullopt;
}

std::optional<TimeMs> time(element row, std::string_view name) {
  TimeMs value = 0;
  return row[name].get(value) == simdjson::SUCCESS ? std::optional(value) : std::nullopt;
}

/// What `fleet::outcome_of` looks at.
struct EndedRow {
  std::optional<std::string_view> status;
  std::optional<TimeMs> started_at;
  std::optional<TimeMs> ended_at;
  std::optional<TimeMs> last_error_at;
};

std::optional<fleet::RunEnd> end_of(element row) {
  const auto agent = text(row, "agentId");
  const auto key = text(row, "key");
  const EndedRow ended{.status = text(row, "status"),
                       .started_at = time(row, "startedAt"),
                       .ended_at = time(row, "endedAt"),
                       .last_error_at = time(row, "lastErrorAt")};
  const auto outcome = fleet::outcome_of(ended);
  if (!agent || !key || !outcome) return std::nullopt;
  return fleet::RunEnd{.agent = std::string(*agent),
                       .session = std::string(*key),
                       .at = *ended.ended_at,
                       .outcome = *outcome};
}

}  // namespace

Result<std::vector<fleet::RunEnd>> read_run_ends(std::string_view body) {
  thread_local simdjson::dom::parser parser;
  element parsed;
  if (parser.parse(body.data(), body.size()).get(parsed) != simdjson::SUCCESS) {
    return fail(ErrorCode::kCorrupt, "the body of a journal entry is not JSON");
  }
  std::vector<fleet::RunEnd> ends;
  array rows;
  if (parsed["sessions"]["upsert"].get(rows) != simdjson::SUCCESS) return ends;
  for (const element row : rows) {
    if (auto end = end_of(row)) ends.push_back(std::move(*end));
  }
  return ends;
}

}  // namespace cc::journal
