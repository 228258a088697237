#include "fleet/apart.h"

#include <utility>

namespace cc::fleet {
namespace {

/// An entry of its own for what `group` of `whole` holds.
template <class Group>
void take_group(ChangeSet& whole, Group group, Cause cause, std::vector<ChangeSet>& parts) {
  if ((whole.*group).empty()) return;
  ChangeSet& part = parts.emplace_back();
  part.gateway = whole.gateway;
  part.source = whole.source;
  part.cause = cause;
  part.gateway_speaks = whole.gateway_speaks;
  part.*group = std::exchange(whole.*group, {});
}

}  // namespace

std::vector<ChangeSet> take_apart(ChangeSet& whole) {
  std::vector<ChangeSet> parts;
  if (event_kind(whole.cause, false) == EventKind::kFleetUpdate) return parts;
  take_group(whole, &ChangeSet::approvals, Cause::kApproval, parts);
  take_group(whole, &ChangeSet::commands, Cause::kCommand, parts);
  return parts;
}

}  // namespace cc::fleet
