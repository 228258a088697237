#include "fleet/rows/rows.h"

#include "fleet/rows/field_table.h"

namespace cc::fleet {
namespace {

/// Whether a difference in the field makes a journal entry.
constexpr bool is_lasting(auto field) {
  return field.kIsKept && !has_use(field.uses, kVersion) && !has_use(field.uses, kStillThere);
}

template <class Row>
bool same(const Fields<Row>& a, const Fields<Row>& b) {
  return every_field<Row>([&](auto field) {
    if constexpr (is_lasting(field)) return field.in(a) == field.in(b);
    return true;
  });
}

template <class Row>
bool same_liveness(const Fields<Row>& a, const Fields<Row>& b) {
  return every_field<Row>([&](auto field) {
    if constexpr (has_use(field.uses, kStillThere)) return field.in(a) == field.in(b);
    return true;
  });
}

template <class Row>
std::string_view owner(const Fields<Row>& row) {
  std::string_view name;
  each_field<Row>([&](auto field) {
    if constexpr (has_use(field.uses, kOwner)) name = field.in(row);
  });
  return name;
}

}  // namespace

std::optional<AgentStatus> attention_for(std::optional<std::string_view> held_up,
                                         std::int64_t active_runs,
                                         std::optional<std::string_view> status, bool archived) {
  if (held_up) return parse<AgentStatus>(*held_up);
  const bool has_failed = active_runs == 0 && !archived && status && is_failure(*status);
  return has_failed ? std::optional(AgentStatus::kError) : std::nullopt;
}

#define KIND(tag, ...)                                                \
  bool differs(const Fields<tag>& a, const Fields<tag>& b) {          \
    return !same<tag>(a, b);                                          \
  }                                                                   \
  bool liveness_differs(const Fields<tag>& a, const Fields<tag>& b) { \
    return !same_liveness<tag>(a, b);                                 \
  }                                                                   \
  std::string_view gateway_of(const Fields<tag>& row) {               \
    return owner<tag>(row);                                           \
  }
#include "fleet/rows/kinds.def"

}  // namespace cc::fleet
