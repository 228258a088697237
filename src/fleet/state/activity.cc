#include "fleet/state/activity.h"

#include <algorithm>
#include <limits>
#include <tuple>

#include "fleet/mentions.h"

namespace cc::fleet {
namespace {

constexpr auto kSpan = static_cast<std::int64_t>(Activity::kBuckets);

std::int64_t minute_of(TimeMs at) {
  return at / Activity::kBucket.count();
}

std::size_t place_of(std::int64_t minute) {
  return static_cast<std::size_t>(minute % kSpan);
}

}  // namespace

void Activity::Ring::add(std::int64_t minute) {
  if (minute <= newest - kSpan) return;
  if (minute > newest) {
    const auto stale = std::min(minute - newest, kSpan);
    for (std::int64_t i = 0; i < stale; ++i) counts.at(place_of(minute - i)) = 0;
    newest = minute;
  }
  auto& count = counts.at(place_of(minute));
  if (count < std::numeric_limits<std::uint32_t>::max()) ++count;
}

std::uint32_t Activity::Ring::at(std::int64_t minute) const {
  return minute > newest || minute <= newest - kSpan ? 0 : counts.at(place_of(minute));
}

void Activity::published(std::span<const std::shared_ptr<ChangeSet>> changes, TimeMs at,
                         const Cursor& head) {
  const MutexLock lock(mutex_);
  const auto minute = minute_of(at);
  if (minute > swept_) forget_before(minute - kSpan + 1);
  swept_ = std::max(swept_, minute);
  for (const auto& change : changes) {
    for (const auto agent : mentioned_agents(*change)) add(change->gateway, agent, minute);
  }
  last_at_ = at;
  head_ = head;
}

Cursor Activity::head() const {
  const MutexLock lock(mutex_);
  return head_;
}

void Activity::count(std::string_view gateway, std::span<const std::string> agents, TimeMs at) {
  const MutexLock lock(mutex_);
  for (const auto& agent : agents) add(gateway, agent, minute_of(at));
}

void Activity::add(std::string_view gateway, std::string_view agent, std::int64_t minute) {
  auto shard = rings_.find(gateway);
  if (shard == rings_.end()) shard = rings_.try_emplace(std::string(gateway)).first;
  auto ring = shard->second.find(agent);
  if (ring == shard->second.end()) {
    if (agents_ == kMaxAgents) return;
    ring =
        shard->second.try_emplace(std::string(agent), Ring{.newest = minute, .counts = {}}).first;
    ++agents_;
  }
  ring->second.add(minute);
}

void Activity::forget_before(std::int64_t minute) {
  agents_ = 0;
  for (auto& [gateway, rings] : rings_) {
    std::erase_if(rings, [&](const auto& one) { return one.second.newest < minute; });
    agents_ += rings.size();
  }
  std::erase_if(rings_, [](const auto& shard) { return shard.second.empty(); });
}

Activity::Window Activity::window(TimeMs now, const Wanted& wanted) const {
  const MutexLock lock(mutex_);
  // The machine's clock may have gone back; the journal's time never does.
  const auto last = minute_of(std::max(now, last_at_));
  const auto first = last - static_cast<std::int64_t>(wanted.minutes) + 1;
  Window window{first * kBucket.count(), head_, {}};
  for (const auto& [gateway, rings] : rings_) {
    if (wanted.gateway && *wanted.gateway != gateway) continue;
    for (const auto& [id, ring] : rings) {
      if (ring.newest < first || (!wanted.agents.empty() && !wanted.agents.contains(id))) continue;
      Item item{gateway, id, {}};
      for (auto minute = first; minute <= last; ++minute) item.counts.push_back(ring.at(minute));
      if (std::ranges::any_of(item.counts, [](auto count) { return count > 0; })) {
        window.items.push_back(std::move(item));
      }
    }
  }
  std::ranges::sort(window.items, {},
                    [](const Item& item) { return std::tie(item.gateway, item.id); });
  return window;
}

}  // namespace cc::fleet
