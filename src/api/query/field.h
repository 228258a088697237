#pragma once
// The fields by which lists can be filtered and sorted, per kind of row, named as in
// docs/protocol/stream.md.

#include <cstdint>
#include <span>
#include <string_view>

#include "api/query/value.h"
#include "fleet/rows/held.h"
#include "fleet/rows/rows.h"

namespace cc::api {

enum class FieldKind { kBool, kInteger, kNumber, kText, kTexts };

struct FieldSpec {
  std::string_view name;
  FieldKind kind = FieldKind::kText;
  /// For fields with a closed vocabulary: whether this is one of its words.
  bool (*known)(std::string_view) = nullptr;
  /// Holds few different values, so that rows can be counted by them.
  bool faceted = false;
};

/// A row, taken out of the published fleet, with what is needed beside it to show it.
template <class Row>
struct Taken {
  fleet::HeldPointer<Row> row;
  bool gateway_speaks = false;
};

/// Rows of one gateway, in the published fleet.
template <class Row>
struct Standing {
  std::span<const fleet::HeldPointer<Row>> rows;
  bool gateway_speaks = false;
  /// Into `rows`, by identity; empty where that is not known.
  std::span<const std::uint32_t> order;
  /// `updatedAt` of each row, or fleet::kNoTime; empty where that is not kept.
  std::span<const TimeMs> times;
};

template <class Row>
struct Field : FieldSpec {
  Value (*value)(const fleet::Held<Row>& row, bool gateway_speaks) = nullptr;
  bool searched = false;  // `q` looks into it
  bool timed = false;     // its values also stand in Standing::times
};

/// In the order of docs/protocol/stream.md: those of the kind's table of fields
/// (fleet/rows/field.h) that are listed.
template <class Row>
[[nodiscard]] std::span<const Field<Row>> fields();

#define KIND(tag, ...) \
  template <>          \
  std::span<const Field<fleet::tag>> fields<fleet::tag>();
#include "fleet/rows/kinds.def"

}  // namespace cc::api
