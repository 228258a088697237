#pragma once
// Where each field of a session stands in a PackedSession: worked out from the table of fields.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>

#include "fleet/rows/field.h"
#include "fleet/rows/rows.h"

namespace cc::fleet::packed {

/// In the order of the table.
enum Field : std::uint8_t {
#define OURS(type, member, ...) kField_##member,
#include "fleet/rows/session.def"
  kFields
};

enum class Form : std::uint8_t { kText, kNumber, kBit };

template <class Value>
[[nodiscard]] constexpr Form form_of() {
  constexpr bool is_text =
      std::is_same_v<Value, SessionView::Name> || std::is_same_v<Value, SessionView::Text>;
  if (std::is_same_v<Value, bool>) return Form::kBit;
  return is_text ? Form::kText : Form::kNumber;
}

/// A field has a bit of its own, and a place among the texts or the numbers.
struct Slot {
  Form form = Form::kBit;
  Uses uses = kInternal;
  std::uint8_t bit = 0;
  std::uint8_t text = 0;
  std::uint8_t number = 0;
};
using Slots = std::array<Slot, kFields>;

/// Places in the order of the table, but what a search looks at and what lists are sorted by stand
/// first, together.
constexpr void give_places(Slots& slots, Form form, std::uint8_t Slot::* place) {
  std::uint8_t next = 0;
  for (const bool first : {true, false}) {
    for (Slot& slot : slots) {
      const bool is_first = has_use(slot.uses, kSearched) || has_use(slot.uses, kTimed);
      if (slot.form == form && is_first == first) slot.*place = next++;
    }
  }
}

[[nodiscard]] constexpr Slots lay_out() {
  using Name = SessionView::Name;
  using Text = SessionView::Text;
  Slots slots{
#define OURS(type, member, wire, uses) Slot{form_of<type>(), uses},
#include "fleet/rows/session.def"
  };
  give_places(slots, Form::kText, &Slot::text);
  give_places(slots, Form::kNumber, &Slot::number);
  std::uint8_t bit = 0;
  for (Slot& slot : slots) slot.bit = bit++;
  return slots;
}

inline constexpr Slots kSlots = lay_out();

[[nodiscard]] constexpr std::size_t count(Form form) {
  std::size_t count = 0;
  for (const Slot& slot : kSlots) count += slot.form == form ? 1U : 0U;
  return count;
}
inline constexpr std::size_t kTexts = count(Form::kText);
inline constexpr std::size_t kNumbers = count(Form::kNumber);
static_assert(kFields <= 32, "a PackedSession has a bit for each field in 32");

}  // namespace cc::fleet::packed
