#pragma once
// The kinds of rows, as tags and as a list. Adding one is a line in kinds.def, a table of fields
// (field.h), and its row in rows.h.

#include <string_view>

#include "fleet/rows/rows.h"

namespace cc::fleet {

/// As it is stored: see kinds.def.
enum class Kind {
#define KIND(tag, noun, number, plural) k##tag = number,
#include "fleet/rows/kinds.def"
};

/// Facts of a kind; `Row` is its tag.
template <class Row>
struct KindOf;
#define KIND(tag, noun_, number_, plural_)                    \
  template <>                                                 \
  struct KindOf<tag> {                                        \
    static constexpr Kind kind = Kind::k##tag;                \
    static constexpr std::string_view noun = #noun_;          \
    static constexpr std::string_view plural = #plural_;      \
    /* The group of a change set, or the table of a shard. */ \
    static constexpr auto& in(auto& groups) {                 \
      return groups.plural_;                                  \
    }                                                         \
  };
#include "fleet/rows/kinds.def"

/// Stands for a tag where a value is wanted.
template <class Row>
struct Tag {
  using Type = Row;
};

/// `visit(Tag<Row>)` for each kind, the gateways first.
template <class Visit>
constexpr void each_kind(Visit visit) {
#define KIND(tag, noun, number, plural) visit(Tag<tag>());
#include "fleet/rows/kinds.def"
}
/// The same without the gateways, for what belongs to one.
template <class Visit>
constexpr void each_owned_kind(Visit visit) {
#define OWNER(tag, noun, number, plural)
#define KIND(tag, noun, number, plural) visit(Tag<tag>());
#include "fleet/rows/kinds.def"
}

}  // namespace cc::fleet
