#pragma once
// Puts a stored row back into the fleet. Used by every backend.

#include <memory>
#include <string_view>
#include <variant>

#include "base/result.h"
#include "fleet/rows/codec.h"
#include "fleet/state/fleet.h"

namespace cc::store {

/// A row of any kind.
using StoredRow = std::variant<std::monostate
#define KIND(tag, ...) , fleet::HeldPointer<fleet::tag>
#include "fleet/rows/kinds.def"
                               >;

/// Thread-safe. kCorrupt, naming the row, where its kind is not known, its JSON cannot be read
/// (fleet/rows/codec.h, `decode`), or it says that it is another row than the key it stood under.
/// Never answers monostate.
[[nodiscard]] Result<StoredRow> read_row(fleet::Kind kind, std::string_view gateway,
                                         std::string_view id, std::string_view json);

void put_row(fleet::Fleet& fleet, StoredRow row);

}  // namespace cc::store
