#include "fleet/rules/draft.h"

#include "fleet/rows/field_table.h"

namespace cc::fleet {
namespace {

template <class Row>
bool is_nothing(const Row& /*row*/) {
  return false;
}
bool is_nothing(const AgentRuns& runs) {
  return runs.empty();
}

bool differs(const AgentRuns& a, const AgentRuns& b) {
  return a != b;
}
bool liveness_differs(const AgentRuns& /*a*/, const AgentRuns& /*b*/) {
  return false;
}

/// A row of which only the names are known.
template <class Row>
void name_row(Drafted<Row>& row, std::string_view gateway, std::string_view id) {
  each_field<Row>([&](auto field) {
    if constexpr (has_use(field.uses, kOwner)) field.in(row) = gateway;
    if constexpr (has_use(field.uses, kIdentity) || field.untold == Untold::kIdentified) {
      field.in(row) = id;
    }
  });
}
template <>
void name_row<AgentRuns>(AgentRuns& row, std::string_view /*gateway*/, std::string_view id) {
  row.agent_id = id;
}

}  // namespace

template <class Row>
Seen<Row> Draft::held(std::string_view id) const {
  if constexpr (std::is_same_v<Row, Gateway>) {
    return view_.gateway(id);
  } else {
    return view_.find<Row>(gateway_, id);
  }
}

template <class Row>
std::shared_ptr<Drafted<Row>> Draft::named(std::string_view id) const {
  auto row = std::make_shared<Drafted<Row>>();
  name_row<Row>(*row, gateway_, id);
  return row;
}

#define KIND(tag, ...)                                            \
  template Seen<tag> Draft::held<tag>(std::string_view id) const; \
  template std::shared_ptr<Drafted<tag>> Draft::named<tag>(std::string_view id) const;
#include "fleet/rows/kinds.def"
template Seen<AgentRuns> Draft::held<AgentRuns>(std::string_view id) const;
template std::shared_ptr<AgentRuns> Draft::named<AgentRuns>(std::string_view id) const;

std::size_t Draft::session_count() const {
  std::size_t count = view_.session_count(gateway_);
  for (const auto& edit : edits<Session>().all()) {
    const bool was_there = static_cast<bool>(edit.before);
    count += edit.row && !was_there ? 1U : 0U;
    count -= !edit.row && was_there ? 1U : 0U;
  }
  return count;
}

template <class Row>
void Draft::collect(Changes<Row>& into) {
  for (const auto& [id, before, row] : edits<Row>().all()) {
    if (!row || is_nothing(*row)) {
      if (before) into.remove.push_back(id);
    } else if (!before || differs(*before, *row)) {
      into.upsert.push_back(made(row));
    } else if (liveness_differs(*before, *row)) {
      into.liveness.push_back(made(row));
    }
  }
}

ChangeSet Draft::finish(Source source, Cause cause) {
  ChangeSet changes;
  changes.gateway = gateway_;
  changes.source = source;
  changes.cause = cause;
  const Gateway* gateway = peek<Gateway>(gateway_);
  changes.gateway_speaks = gateway != nullptr && speaks(gateway->state);
  each_kind([&](auto tag) { collect(changes.of(tag)); });
  collect(changes.runs);
  changes.left_out = std::exchange(left_out_, 0);
  edits_ = {};
  return changes;
}

}  // namespace cc::fleet
