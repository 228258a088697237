#pragma once
// How the rows of each kind are written, stand in a change set and in the fleet, and how they are
// seen there. Rows are shared and never written once they are in; sessions, of which there are
// many, are packed as well, as soon as it is known what has become of them.

#include <memory>
#include <optional>
#include <type_traits>

#include "fleet/rows/rows.h"
#include "fleet/state/packed_session.h"

namespace cc::fleet {

template <class Row>
struct HeldAs {
  using Draft = Row;
  using Made = std::shared_ptr<Row>;
  using Type = Row;
  using Pointer = std::shared_ptr<const Row>;
  using Seen = const Row*;
};
template <>
struct HeldAs<Session> {
  using Draft = SessionView;
  using Made = boost::intrusive_ptr<PackedSession>;
  using Type = PackedSession;
  using Pointer = PackedSession::Pointer;
  using Seen = std::optional<SessionView>;
};

/// What rules write into. Texts stand where they came from: in the held row, or in what was heard.
template <class Row>
using Drafted = typename HeldAs<Row>::Draft;
/// A row of a change set, which only lacks its version.
template <class Row>
using Made = typename HeldAs<Row>::Made;
template <class Row>
using Held = typename HeldAs<Row>::Type;
template <class Row>
using HeldPointer = typename HeldAs<Row>::Pointer;
/// What a row is looked at through: dereferences to its fields, or is empty. Good until what it was
/// asked of changes.
template <class Row>
using Seen = typename HeldAs<Row>::Seen;
template <class Row>
[[nodiscard]] const Row& fields_of(const Row& row) {
  return row;
}
[[nodiscard]] inline SessionView fields_of(const PackedSession& row) {
  return row.view();
}
[[nodiscard]] inline std::string_view gateway_of(const PackedSession& row) {
  return row.gateway();
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

/// A row as change sets and the fleet hold it.
template <class Row>
[[nodiscard]] Made<Row> hold(Fields<Row>&& row) {
  if constexpr (std::is_same_v<Held<Row>, Fields<Row>>) {
    return std::make_shared<Row>(std::move(row));
  } else {
    return Held<Row>::make(row);
  }
}

template <class Row>
[[nodiscard]] std::shared_ptr<Row> made(std::shared_ptr<Row> draft) {
  return draft;
}
[[nodiscard]] inline Made<Session> made(const std::shared_ptr<SessionView>& draft) {
  return PackedSession::make(*draft);
}

template <class Row>
void set_version(Row& row, Seq version) {
  row.version = version;
}
inline void set_version(PackedSession& row, Seq version) {
  row.set_version(version);
}

}  // namespace cc::fleet
