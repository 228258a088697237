#pragma once
// What lists can be filtered and sorted by: a table of fields for each kind of row, named as the
// contract shows them.

#include <memory>
#include <span>
#include <string_view>

#include "api/query/value.h"
#include "fleet/rows.h"

namespace cc::api {

enum class FieldKind { kBool, kInteger, kNumber, kText, kTexts };

struct FieldSpec {
  std::string_view name;
  FieldKind kind = FieldKind::kText;
  /// Where only some words can ever match: whether this is one of them.
  bool (*known)(std::string_view) = nullptr;
  /// Holds few different values, so that rows can be counted by them.
  bool faceted = false;
};

/// A row, taken out of the published fleet, with what is needed beside it to show it.
template <class Row>
struct Taken {
  std::shared_ptr<const Row> row;
  bool gateway_speaks = false;
};

/// Rows of one gateway, in the published fleet.
template <class Row>
struct Standing {
  std::span<const std::shared_ptr<const Row>> rows;
  bool gateway_speaks = false;
};

template <class Row>
struct Field : FieldSpec {
  Value (*value)(const Row& row, bool gateway_speaks) = nullptr;
  bool searched = false;  // `q` looks into it
};

/// In the order in which the contract names them. Defined for the four kinds of rows.
template <class Row>
[[nodiscard]] std::span<const Field<Row>> fields();

template <>
std::span<const Field<fleet::Gateway>> fields();
template <>
std::span<const Field<fleet::Agent>> fields();
template <>
std::span<const Field<fleet::Session>> fields();
template <>
std::span<const Field<fleet::Presence>> fields();

[[nodiscard]] inline const std::string& gateway_of(const fleet::Gateway& row) {
  return row.name;
}
template <class Row>
[[nodiscard]] const std::string& gateway_of(const Row& row) {
  return row.gateway;
}

}  // namespace cc::api
