#include "fleet/apart.h"

#include <utility>

namespace cc::fleet {
namespace {

ChangeSet blank(const ChangeSet& whole, Cause cause) {
  ChangeSet part;
  part.gateway = whole.gateway;
  part.source = whole.source;
  part.cause = cause;
  part.gateway_speaks = whole.gateway_speaks;
  return part;
}

}  // namespace

std::vector<ChangeSet> apart(ChangeSet whole) {
  std::vector<ChangeSet> parts;
  if (event_kind(whole.cause, false) != EventKind::kFleetUpdate) {
    ChangeSet approvals = blank(whole, Cause::kApproval);
    approvals.approvals = std::exchange(whole.approvals, {});
    ChangeSet commands = blank(whole, Cause::kCommand);
    commands.commands = std::exchange(whole.commands, {});
    if (!approvals.empty()) parts.push_back(std::move(approvals));
    if (!commands.empty()) parts.push_back(std::move(commands));
  }
  if (!whole.empty()) parts.insert(parts.begin(), std::move(whole));
  return parts;
}

}  // namespace cc::fleet
