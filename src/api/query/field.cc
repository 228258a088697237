#include "api/query/field.h"

#include <array>
#include <cmath>
#include <type_traits>

#include "fleet/rows/field_table.h"

namespace cc::api {
namespace {

template <class T>
concept IsWord = std::is_enum_v<T>;

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
template <IsWord Word>
Value to_value(Word word) {
  return text(word);
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

template <class T>
constexpr auto words_of() -> bool (*)(std::string_view) {
  if constexpr (IsWord<T>) {
    return [](std::string_view word) { return fleet::parse<T>(word).has_value(); };
  }
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
