#include "api/query/field.h"

#include <array>
#include <cmath>
#include <type_traits>

#include "fleet/rows/field_table.h"

namespace cc::api {
namespace {

Value to_value(bool truth) {
  return truth;
}
Value to_value(std::int64_t number) {
  return number;
}
Value to_value(int number) {
  return static_cast<std::int64_t>(number);
}
Value to_value(Seq number) {
  return static_cast<std::int64_t>(number);
}
Value to_value(double number) {
  return std::isnan(number) ? Value() : Value(number);
}
Value to_value(const std::string& text) {
  return std::string_view(text);
}
Value to_value(std::string_view text) {
  return text;
}
Value to_value(const Texts& texts) {
  return &texts;
}
Value to_value(fleet::GatewayState state) {
  return text(state);
}
Value to_value(fleet::AgentStatus status) {
  return text(status);
}
Value to_value(fleet::Source source) {
  return text(source);
}
Value to_value(fleet::Access access) {
  return text(access);
}
Value to_value(fleet::CommandStatus status) {
  return text(status);
}
Value to_value(fleet::ApprovalKind kind) {
  return text(kind);
}
Value to_value(fleet::ApprovalStatus status) {
  return text(status);
}
Value to_value(const fleet::Author& author) {
  return std::string_view(author.name);
}
template <class T>
Value to_value(const std::optional<T>& maybe) {
  return maybe ? to_value(*maybe) : Value();
}

template <class T>
struct Unwrapped {
  using Type = T;
};
template <class T>
struct Unwrapped<std::optional<T>> {
  using Type = T;
};

template <class Member>
constexpr FieldKind kind_of() {
  using T = typename Unwrapped<Member>::Type;
  if constexpr (std::is_same_v<T, bool>) return FieldKind::kBool;
  if constexpr (std::is_integral_v<T>) return FieldKind::kInteger;
  if constexpr (std::is_same_v<T, double>) return FieldKind::kNumber;
  if constexpr (std::is_same_v<T, Texts>) return FieldKind::kTexts;
  return FieldKind::kText;
}

bool is_state(std::string_view word) {
  return fleet::parse_gateway_state(word).has_value();
}
bool is_status(std::string_view word) {
  return fleet::parse_agent_status(word).has_value();
}
bool is_source(std::string_view word) {
  return fleet::parse_source(word).has_value();
}
bool is_access(std::string_view word) {
  return command::parse_access(word).has_value();
}
bool is_command_status(std::string_view word) {
  return fleet::parse_command_status(word).has_value();
}
bool is_approval_kind(std::string_view word) {
  return fleet::parse_approval_kind(word).has_value();
}
bool is_approval_status(std::string_view word) {
  return fleet::parse_approval_status(word).has_value();
}

template <class T>
constexpr auto words_of() -> bool (*)(std::string_view) {
  if constexpr (std::is_same_v<T, fleet::GatewayState>) return is_state;
  if constexpr (std::is_same_v<T, fleet::AgentStatus>) return is_status;
  if constexpr (std::is_same_v<T, fleet::Source>) return is_source;
  if constexpr (std::is_same_v<T, fleet::Access>) return is_access;
  if constexpr (std::is_same_v<T, fleet::CommandStatus>) return is_command_status;
  if constexpr (std::is_same_v<T, fleet::ApprovalKind>) return is_approval_kind;
  if constexpr (std::is_same_v<T, fleet::ApprovalStatus>) return is_approval_status;
  return nullptr;
}

template <class Row, class Declared>
constexpr Field<Row> field_behind(Declared declared) {
  using Held = fleet::Held<Row>;
  using Shown = std::remove_cvref_t<decltype(declared.show(std::declval<const Held&>(), true))>;
  return {{declared.wire, kind_of<Shown>(), words_of<typename Unwrapped<Shown>::Type>(),
           has_use(declared.uses, fleet::kFaceted)},
          [](const Held& row, bool speaks) { return to_value(Declared::show(row, speaks)); },
          has_use(declared.uses, fleet::kSearched),
          has_use(declared.uses, fleet::kTimed)};
}

/// Those of the table of a kind of row that lists know.
template <class Row>
constexpr auto listed_fields() {
  constexpr std::size_t kCount = [] {
    std::size_t count = 0;
    fleet::each_field<Row>([&](auto field) { count += has_use(field.uses, fleet::kListed); });
    return count;
  }();
  std::array<Field<Row>, kCount> fields{};
  std::size_t next = 0;
  fleet::each_field<Row>([&](auto field) {
    if constexpr (has_use(field.uses, fleet::kListed)) fields[next++] = field_behind<Row>(field);
  });
  return fields;
}

template <class Row>
constexpr auto kFields = listed_fields<Row>();

}  // namespace

#define KIND(tag, ...)                                      \
  template <>                                               \
  std::span<const Field<fleet::tag>> fields<fleet::tag>() { \
    return kFields<fleet::tag>;                             \
  }
#include "fleet/rows/kinds.def"

}  // namespace cc::api
