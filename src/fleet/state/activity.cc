#include "fleet/state/activity.h"

#include <algorithm>
#include <tuple>

#include <boost/container_hash/hash.hpp>

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

std::uint64_t print_of_end(std::string_view gateway, const RunEnd& end) {
  std::size_t print = 0;
  boost::hash_combine(print, gateway);
  boost::hash_combine(print, std::string_view(end.session));
  boost::hash_combine(print, end.at);
  return print;
}

std::vector<RunEnd> ends_in(const ChangeSet& changes) {
  std::vector<RunEnd> ends;
  for (const auto& held : changes.sessions.upsert) {
    const SessionView row = held->view();
    const auto outcome = outcome_of(row);
    if (!outcome || !row.agent_id) continue;
    ends.push_back({.agent = std::string(*row.agent_id),
                    .session = std::string(row.key),
                    .at = *row.ended_at,
                    .outcome = *outcome});
  }
  return ends;
}

}  // namespace

std::uint32_t* Activity::Bucket::of(Outcome outcome) {
  switch (outcome) {
    case Outcome::kDone: return &done;
    case Outcome::kFailed: return &failed;
    case Outcome::kNone: break;
  }
  return nullptr;
}

Activity::Bucket* Activity::Ring::obtain(std::int64_t minute) {
  if (minute <= newest - kSpan) return nullptr;
  if (minute > newest) {
    const auto stale = std::min(minute - newest, kSpan);
    for (std::int64_t i = 0; i < stale; ++i) buckets.at(place_of(minute - i)) = {};
    newest = minute;
  }
  return &buckets.at(place_of(minute));
}

Activity::Bucket Activity::Ring::at(std::int64_t minute) const {
  return minute > newest || minute <= newest - kSpan ? Bucket{} : buckets.at(place_of(minute));
}

void Activity::published(std::span<const std::shared_ptr<ChangeSet>> changes, TimeMs at,
                         const Cursor& head) {
  const MutexLock lock(mutex_);
  const auto minute = minute_of(at);
  if (minute > swept_) forget_before(minute - kSpan + 1);
  swept_ = std::max(swept_, minute);
  for (const auto& change : changes) {
    for (const auto agent : mentioned_agents(*change)) add(change->gateway, agent, minute);
    for (const auto& end : ends_in(*change)) {
      add(change->gateway, end, minute, Again::kCorrects);
    }
  }
  last_at_ = at;
  head_ = head;
}

Cursor Activity::head() const {
  const MutexLock lock(mutex_);
  return head_;
}

void Activity::count(std::string_view gateway, std::span<const std::string> agents,
                     std::span<const RunEnd> ends, TimeMs at) {
  const MutexLock lock(mutex_);
  const auto minute = minute_of(at);
  for (const auto& agent : agents) add(gateway, agent, minute);
  for (const auto& end : ends) add(gateway, end, minute, Again::kIsOlder);
}

Activity::Bucket* Activity::obtain(std::string_view gateway, std::string_view agent,
                                   std::int64_t minute) {
  auto shard = rings_.find(gateway);
  if (shard == rings_.end()) shard = rings_.try_emplace(std::string(gateway)).first;
  auto ring = shard->second.find(agent);
  if (ring == shard->second.end()) {
    if (agents_ == kMaxAgents) return nullptr;
    ring =
        shard->second.try_emplace(std::string(agent), Ring{.newest = minute, .buckets = {}}).first;
    ++agents_;
  }
  return ring->second.obtain(minute);
}

void Activity::add(std::string_view gateway, std::string_view agent, std::int64_t minute) {
  if (Bucket* bucket = obtain(gateway, agent, minute)) ++bucket->changes;
}

void Activity::add(std::string_view gateway, const RunEnd& end, std::int64_t now, Again again) {
  const auto minute = std::min(minute_of(end.at), now);
  if (minute <= now - kSpan || counted_ends_ == kMaxEnds) return;
  const auto [held, is_new] = ends_[minute].try_emplace(print_of_end(gateway, end), end.outcome);
  if (!is_new && (again == Again::kIsOlder || held->second == end.outcome)) return;
  Bucket* bucket = obtain(gateway, end.agent, minute);
  if (bucket == nullptr) return;
  if (std::uint32_t* before = is_new ? nullptr : bucket->of(held->second)) --*before;
  if (std::uint32_t* count = bucket->of(end.outcome)) ++*count;
  held->second = end.outcome;
  counted_ends_ += is_new ? 1U : 0U;
}

void Activity::forget_before(std::int64_t minute) {
  agents_ = 0;
  for (auto& [gateway, rings] : rings_) {
    std::erase_if(rings, [&](const auto& one) { return one.second.newest < minute; });
    agents_ += rings.size();
  }
  std::erase_if(rings_, [](const auto& shard) { return shard.second.empty(); });
  ends_.erase(ends_.begin(), ends_.lower_bound(minute));
  counted_ends_ = 0;
  for (const auto& [when, ends] : ends_) counted_ends_ += ends.size();
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
      Item item{.gateway = gateway, .id = id};
      bool is_idle = true;
      for (auto minute = first; minute <= last; ++minute) {
        const Bucket bucket = ring.at(minute);
        item.counts.push_back(bucket.changes);
        item.done.push_back(bucket.done);
        item.failed.push_back(bucket.failed);
        is_idle = is_idle && bucket == Bucket{};
      }
      if (!is_idle) window.items.push_back(std::move(item));
    }
  }
  std::ranges::sort(window.items, {},
                    [](const Item& item) { return std::tie(item.gateway, item.id); });
  return window;
}

}  // namespace cc::fleet
