#pragma once
// What the two spellings of a session's row share.

#include <string>

#include "gateway_sim/story/rows.h"

namespace cc::sim {

void write_session_v3(JsonWriter& json, const Session& session, const RowStyle& style);
void write_flat_v3(JsonWriter& json, const Session& session, const RowStyle& style);
void write_session_v4(JsonWriter& json, const Session& session, const RowStyle& style);
void write_flat_v4(JsonWriter& json, const Session& session, const RowStyle& style);

/// The label, else what the first message says.
[[nodiscard]] inline const std::string& title_of(const Session& session) {
  return session.label.empty() ? session.first_message : session.label;
}

[[nodiscard]] inline bool has_run(const Session& session) {
  return session.status != RunStatus::kNever;
}

}  // namespace cc::sim
