#pragma once
// How the rows of each kind stand in the fleet, and how they are seen there. Rows are shared and
// never written once they are in; sessions, of which there are many, are packed as well.

#include <memory>
#include <optional>
#include <type_traits>

#include "fleet/packed_session.h"
#include "fleet/rows.h"

namespace cc::fleet {

template <class Row>
struct HeldAs {
  using Type = Row;
  using Pointer = std::shared_ptr<const Row>;
  using Fields = Row;
  using Seen = const Row*;
};
template <>
struct HeldAs<Session> {
  using Type = PackedSession;
  using Pointer = PackedSession::Pointer;
  using Fields = SessionView;
  using Seen = std::optional<SessionView>;
};

template <class Row>
using Held = typename HeldAs<Row>::Type;
template <class Row>
using HeldPointer = typename HeldAs<Row>::Pointer;
/// What a row is looked at through: dereferences to its fields, or is empty. Good until what it was
/// asked of changes.
template <class Row>
using Seen = typename HeldAs<Row>::Seen;
template <class Row>
using Fields = typename HeldAs<Row>::Fields;

template <class Row>
[[nodiscard]] const Row& fields_of(const Row& row) {
  return row;
}
[[nodiscard]] inline SessionView fields_of(const PackedSession& row) {
  return row.view();
}

/// `pointer` may be null.
template <class Row, class Pointer>
[[nodiscard]] Seen<Row> see(const Pointer& pointer) {
  if constexpr (std::is_pointer_v<Seen<Row>>) {
    return pointer.get();
  } else {
    return pointer ? Seen<Row>(fields_of(*pointer)) : std::nullopt;
  }
}

/// A row as it stands from now on.
template <class Row>
[[nodiscard]] std::shared_ptr<const Row> hold(std::shared_ptr<const Row> row) {
  return row;
}
[[nodiscard]] inline PackedSession::Pointer hold(const std::shared_ptr<const Session>& row) {
  return PackedSession::make(*row);
}

}  // namespace cc::fleet
