#pragma once
// The tables of fields (field.h) as types, for code that goes over all fields of a row. A fold over
// them compiles to what one would write by hand, a line for each field. Heavy for a header: include
// it in .cc files.

#include <type_traits>

#include "fleet/rows/field.h"
#include "fleet/rows/kinds.h"
#include "fleet/rows/rows.h"

namespace cc::fleet {

// Each field is an empty type:
//   wire, uses, untold    as its line says
//   kIsKept               false for what is only shown
//   in(row)               the member, in a row or a patch
//   show(row, speaks)     what others see of it; of a packed row as well
#define CC_FIELD(type_, member_, wire_, untold_, uses_)           \
  struct member_##_ {                                             \
    static constexpr char wire[] = wire_;                         \
    static constexpr Uses uses = uses_;                           \
    static constexpr Untold untold = Untold::untold_;             \
    static constexpr bool kIsKept = true;                         \
    static constexpr auto& in(auto& row) {                        \
      return row.member_;                                         \
    }                                                             \
    static constexpr decltype(auto) show(const auto& row, bool) { \
      if constexpr (requires { row.member_(); }) {                \
        return row.member_();                                     \
      } else {                                                    \
        return (row.member_);                                     \
      }                                                           \
    }                                                             \
  };
#define CC_SHOWN(type_, member_, wire_, uses_, how_)                                     \
  struct member_##_ {                                                                    \
    static constexpr char wire[] = wire_;                                                \
    static constexpr Uses uses = uses_;                                                  \
    static constexpr Untold untold = Untold::kNeverTold;                                 \
    static constexpr bool kIsKept = false;                                               \
    static constexpr type_ show(const auto& row, [[maybe_unused]] bool gateway_speaks) { \
      return how_;                                                                       \
    }                                                                                    \
  };
#define CC_OURS(type_, member_, wire_, uses_) CC_FIELD(type_, member_, wire_, kNeverTold, uses_)

/// Begins with a place that is no field, so that each line of a table can begin with a comma.
template <class None, class... Fields>
struct FieldList {};

/// The fields of a kind of row, by its tag.
template <class Row>
struct FieldsOf;

#define CC_KIND Gateway
#define CC_NAMESPACE gateway_fields
#define CC_TABLE "fleet/rows/gateway.def"
#include "fleet/rows/make_fields.inc"
#define CC_KIND Agent
#define CC_NAMESPACE agent_fields
#define CC_TABLE "fleet/rows/agent.def"
#include "fleet/rows/make_fields.inc"
#define CC_KIND Session
#define CC_NAMESPACE session_fields
#define CC_TABLE "fleet/rows/session.def"
#include "fleet/rows/make_fields.inc"
#define CC_KIND Presence
#define CC_NAMESPACE presence_fields
#define CC_TABLE "fleet/rows/presence.def"
#include "fleet/rows/make_fields.inc"

#define CC_KIND Command
#define CC_NAMESPACE command_fields
#define CC_TABLE "fleet/rows/command.def"
#include "fleet/rows/make_fields.inc"
#define CC_KIND Approval
#define CC_NAMESPACE approval_fields
#define CC_TABLE "fleet/rows/approval.def"
#include "fleet/rows/make_fields.inc"
#define CC_KIND CronJob
#define CC_NAMESPACE cron_fields
#define CC_TABLE "fleet/rows/cron.def"
#include "fleet/rows/make_fields.inc"

#undef CC_OURS
#undef CC_SHOWN
#undef CC_FIELD

/// `visit(field)` for each field of a kind of row, in their order.
template <class Row, class Visit>
constexpr void each_field(Visit visit) {
  [&]<class... F>(FieldList<void, F...>) { (visit(F()), ...); }(typename FieldsOf<Row>::List());
}
/// The same, until one answers false; whether none did.
template <class Row, class Visit>
constexpr bool every_field(Visit visit) {
  return [&]<class... F>(FieldList<void, F...>) {
    return (visit(F()) && ...);
  }(typename FieldsOf<Row>::List());
}

}  // namespace cc::fleet
