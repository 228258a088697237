#pragma once
// Rows as JSON, as the API shows them and as they are stored, and back from it.

#include <string_view>

#include "base/json_writer.h"
#include "base/result.h"
#include "fleet/rows/held.h"
#include "fleet/rows/kinds.h"

namespace cc::fleet {

/// As the API shows it and as it is stored. `gateway_speaks` decides the `status` of an agent.
template <class Row>
void encode(JsonWriter& out, const Fields<Row>& row, bool gateway_speaks);

/// The names of a row alone: what tells of its removal.
template <class Row>
void encode_identity(JsonWriter& out, std::string_view gateway, std::string_view id);

/// Reads what `encode` wrote, in this release or in another (docs/format/database.md, "Rows"):
/// members that are not there are null or what a new row has, those that are not known are passed
/// over, and the order is free. As `encode` writes them it is several times as fast. Thread-safe.
/// kCorrupt, naming the member, where one is not of its type or an identity is missing.
template <class Row>
[[nodiscard]] Result<Made<Row>> decode(std::string_view json);

}  // namespace cc::fleet
