#include "gateway/commanding/command_queue.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

namespace cc::gateway {
namespace {

using fleet::Command;
using fleet::CommandStatus;

/// Those about the same thing keep their order; what is about nothing waits for nobody.
using Lane = std::pair<std::string_view, std::string_view>;
Lane lane_of(const Command& row) {
  if (row.target.member.empty()) return {row.id, {}};
  return {row.target.member, row.target.id};
}

Millis hold_of(const Command& row) {
  return has_second_thoughts(row) ? kSecondThoughts : Millis(0);
}

}  // namespace

void CommandQueue::published(Row row, SteadyTime now, TimeMs wall) {
  if (has_ended(row->status)) {
    items_.erase(row->id);
    return;
  }
  const auto [place, is_new] = items_.try_emplace(row->id);
  Item& item = place->second;
  if (is_new) {
    const Millis age(std::max<TimeMs>(wall - row->created_at, 0));
    item.ready_at = now + std::max(hold_of(*row) - age, Millis(0));
  }
  // One that nothing stood before was due with the commit that gave it.
  item.under_way = item.under_way || row->status == CommandStatus::kSent;
  item.row = std::move(row);
}

std::size_t CommandQueue::in_flight() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(items_, [](const auto& held) { return held.second.under_way; }));
}

CommandQueue::Row CommandQueue::take(SteadyTime now,
                                     const std::function<bool(const Command&)>& may) {
  if (in_flight() >= kMostInFlight) return nullptr;
  std::set<Lane> busy;
  for (auto& [id, item] : items_) {
    if (!busy.insert(lane_of(*item.row)).second) continue;
    if (item.under_way || item.row->status != CommandStatus::kAccepted) continue;
    if (item.ready_at > now || !may(*item.row)) continue;
    item.under_way = true;
    return item.row;
  }
  return nullptr;
}

std::optional<SteadyTime> CommandQueue::next_at(SteadyTime now) const {
  std::optional<SteadyTime> next;
  for (const auto& [id, item] : items_) {
    if (item.under_way || item.ready_at <= now) continue;
    next = next ? std::min(*next, item.ready_at) : item.ready_at;
  }
  return next;
}

void CommandQueue::put_back(const std::string& id, SteadyTime at) {
  const auto found = items_.find(id);
  if (found == items_.end()) return;
  found->second.under_way = false;
  found->second.ready_at = at;
}

CommandQueue::Row CommandQueue::find(const std::string& id) const {
  const auto found = items_.find(id);
  return found == items_.end() ? nullptr : found->second.row;
}

}  // namespace cc::gateway
