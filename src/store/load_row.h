#pragma once
// A stored row, put back into the fleet. The same for every backend.

#include <memory>
#include <string_view>
#include <variant>

#include "base/result.h"
#include "fleet/codec.h"
#include "fleet/fleet.h"

namespace cc::store {

using StoredRow =
    std::variant<std::shared_ptr<const fleet::Gateway>, std::shared_ptr<const fleet::Agent>,
                 fleet::PackedSession::Pointer, std::shared_ptr<const fleet::Presence>>;

/// Thread-safe. kCorrupt, naming the row, where its kind is not known, its JSON is not what
/// `encode` wrote, or it says that it is another row than the key it stood under.
[[nodiscard]] Result<StoredRow> read_row(fleet::Table kind, std::string_view gateway,
                                         std::string_view id, std::string_view json);

void put_row(fleet::Fleet& fleet, StoredRow row);

}  // namespace cc::store
