#pragma once
// How much happened around each agent lately, a minute each: changes that named the agent or one of
// its sessions, and how its runs ended. Kept in memory, since the last hour of the journal is too
// long to read for each page.

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "base/guarded.h"
#include "fleet/change_listener.h"
#include "fleet/run_end.h"
#include "fleet/state/fleet.h"

namespace cc::fleet {

/// Thread-safe. Reads no clock: an entry's time and the time of asking are handed in. About 750
/// bytes an agent that did something within the hour; beyond kMaxAgents of them, further ones are
/// not counted. A run counts in the minute in which it ended by its gateway's clock, and once,
/// however often its row is told.
class Activity final : public ChangeListener {
 public:
  static constexpr Millis kBucket{60'000};
  static constexpr std::size_t kBuckets = 60;
  static constexpr std::size_t kMaxAgents = 20'000;
  /// Runs that ended within the hour, about 24 bytes each; beyond, further ones are not counted.
  static constexpr std::size_t kMaxEnds = 500'000;

  /// `head`: where the journal stands. What is older is for `count` to bring.
  explicit Activity(Cursor head) : head_(std::move(head)) {}

  void published(std::span<const std::shared_ptr<ChangeSet>> changes, TimeMs at,
                 const Cursor& head) override;
  /// The newest entry that is counted.
  [[nodiscard]] Cursor head() const;
  /// One change from the journal: for filling in what was before this was made, newest first.
  void count(std::string_view gateway, std::span<const std::string> agents,
             std::span<const RunEnd> ends, TimeMs at);

  struct Wanted {
    std::size_t minutes = kBuckets;      // 1 to kBuckets
    std::optional<std::string> gateway;  // empty: all
    std::set<std::string> agents;        // empty: all
  };
  struct Item {
    std::string gateway;
    std::string id;
    // A bucket each, oldest first.
    std::vector<std::uint32_t> counts = {};  // changes
    std::vector<std::uint32_t> done = {};    // runs that ended well
    std::vector<std::uint32_t> failed = {};  // runs that failed or timed out
  };
  struct Window {
    TimeMs from = 0;          // where the first bucket begins
    Cursor cursor;            // the newest entry that is counted
    std::vector<Item> items;  // in the order of identities; agents without any are left out
  };
  /// The last bucket is the one that `now` lies in.
  [[nodiscard]] Window window(TimeMs now, const Wanted& wanted) const;

 private:
  struct Bucket {
    std::uint32_t changes = 0;
    std::uint32_t done = 0;
    std::uint32_t failed = 0;

    friend bool operator==(const Bucket&, const Bucket&) = default;
    /// Null for kNone.
    [[nodiscard]] std::uint32_t* of(Outcome outcome);
  };
  /// The latest kBuckets minutes of one agent; the minute m stands at m modulo kBuckets.
  struct Ring {
    std::int64_t newest = 0;
    std::array<Bucket, kBuckets> buckets{};

    /// Null where the minute is too long ago.
    [[nodiscard]] Bucket* obtain(std::int64_t minute);
    [[nodiscard]] Bucket at(std::int64_t minute) const;
  };
  enum class Again { kCorrects, kIsOlder };

  [[nodiscard]] Bucket* obtain(std::string_view gateway, std::string_view agent,
                               std::int64_t minute) REQUIRES(mutex_);
  void add(std::string_view gateway, std::string_view agent, std::int64_t minute) REQUIRES(mutex_);
  void add(std::string_view gateway, const RunEnd& end, std::int64_t now, Again again)
      REQUIRES(mutex_);
  void forget_before(std::int64_t minute) REQUIRES(mutex_);

  mutable Mutex mutex_;
  Cursor head_ GUARDED_BY(mutex_);
  TimeMs last_at_ GUARDED_BY(mutex_) = 0;
  std::int64_t swept_ GUARDED_BY(mutex_) =
      0;  // the minute in which the idle ones were last forgotten
  std::size_t agents_ GUARDED_BY(mutex_) = 0;
  /// How runs ended that are counted, by minute: a run's row is told again and again.
  std::map<std::int64_t, boost::unordered_flat_map<std::uint64_t, Outcome>> ends_
      GUARDED_BY(mutex_);
  std::size_t counted_ends_ GUARDED_BY(mutex_) = 0;
  TextMap<TextMap<Ring>> rings_ GUARDED_BY(mutex_);  // by gateway, then agent
};

}  // namespace cc::fleet
