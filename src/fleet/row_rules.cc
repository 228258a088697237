#include "fleet/row_rules.h"

#include "fleet/rows/field_table.h"

namespace cc::fleet {
namespace {

template <class T>
constexpr bool kIsOptional = false;
template <class T>
constexpr bool kIsOptional<std::optional<T>> = true;

/// What `said` makes of a field: nothing said is `untold`, which clears the field or leaves it.
template <class T, class Value>
void take(T& field, const Field<Value>& said, bool clear) {
  if (said && *said) {
    if constexpr (std::is_same_v<T, std::optional<Value>>) {
      field = *said;
    } else {
      field = **said;
    }
  } else if (said || clear) {
    field = T{};
  }
}
/// Reports say a field as the row holds it.
template <class T>
void take(T& field, const T& said, bool clear) {
  if constexpr (kIsOptional<T>) {
    if (!said && !clear) return;
  }
  field = said;
}

/// Whether `take` would leave the field as it is.
template <class T, class Value>
bool has(const T& field, const Field<Value>& said, bool clear) {
  if constexpr (kIsOptional<T>) {
    return said ? field == *said : !clear || !field;
  } else {
    return said ? field == said->value_or(T{}) : !clear || field == T{};
  }
}

/// Which fields are cleared where a patch does not tell them.
struct Clearing {
  bool whole = false;        // the patch is the whole row
  bool begins_anew = false;  // a new generation starts with nothing of the old one's run
  bool keep_run_state = false;

  [[nodiscard]] constexpr bool of(Untold untold) const {
    switch (untold) {
      case Untold::kCleared:
      case Untold::kIdentified: return whole;
      case Untold::kOfTheRun:
      case Untold::kRunState: return whole || begins_anew;
      case Untold::kKept:
      case Untold::kNeverTold: break;
    }
    return false;
  }
};

template <class Row, class Patch>
void take_fields(Fields<Row>& row, const Patch& patch, const Clearing& clearing) {
  each_field<Row>([&](auto field) {
    if constexpr (field.untold != Untold::kNeverTold) {
      if (field.untold == Untold::kRunState && clearing.keep_run_state) return;
      const bool clear = clearing.of(field.untold);
      take(field.in(row), field.in(patch), clear);
      if constexpr (field.untold == Untold::kIdentified) {
        const auto& said = field.in(patch);
        if (said ? !*said : clear) field.in(row) = row.identity();
      }
    }
  });
}

Clearing clearing_of(const SessionView& held, const SessionPatch& patch, bool keep_run_state) {
  // A flat patch does not say that a generation is new.
  const bool begins_anew = held.session_id && patch.session_id && *patch.session_id &&
                           **patch.session_id != *held.session_id;
  return {patch.complete, begins_anew, keep_run_state};
}

}  // namespace

void apply(Agent& row, const AgentPatch& patch, bool complete) {
  take_fields<Agent>(row, patch, {.whole = complete});
}

void apply(SessionView& row, const SessionPatch& patch, bool keep_run_state) {
  take_fields<Session>(row, patch, clearing_of(row, patch, keep_run_state));
}

bool says_nothing_new(const SessionView& held, const SessionPatch& patch, bool keep_run_state) {
  const Clearing clearing = clearing_of(held, patch, keep_run_state);
  return every_field<Session>([&](auto field) {
    if constexpr (field.untold != Untold::kNeverTold) {
      if (field.untold == Untold::kRunState && clearing.keep_run_state) return true;
      return has(field.in(held), field.in(patch), clearing.of(field.untold));
    }
    return true;
  });
}

void apply(Presence& row, const PresencePatch& patch) {
  take_fields<Presence>(row, patch, {.whole = true});
}

void apply(Approval& row, const ApprovalPatch& patch) {
  take_fields<Approval>(row, patch, {.whole = true});
}

void apply(CronJob& row, const CronPatch& patch) {
  take_fields<CronJob>(row, patch, {.whole = true});
}

void apply(Gateway& row, const ConnectionReport& report, TimeMs now) {
  if (report.state != row.state || !row.since) row.since = now;
  take_fields<Gateway>(row, report, {.whole = true});
  if (report.reconnected) ++row.reconnects;
}

bool is_stale(const SessionView& held, const SessionPatch& patch) {
  return held.updated_at && patch.updated_at && *patch.updated_at &&
         **patch.updated_at < *held.updated_at;
}

}  // namespace cc::fleet
