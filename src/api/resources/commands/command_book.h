#pragma once
// What must be known of all commands at once: which Idempotency-Key is whose, how many are open of
// each author, and who waits for an end. Filled from the published rows, so it is the same after a
// restart.

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/guarded.h"
#include "fleet/change_listener.h"
#include "fleet/state/published.h"

namespace cc::api {

/// Thread-safe.
class CommandBook final : public fleet::ChangeListener {
 public:
  using Row = std::shared_ptr<const fleet::Command>;
  /// Told of each row that ended, on the writer's thread; must be short.
  using Ended = std::function<void(const Row& row)>;

  explicit CommandBook(const fleet::PublishedFleet& published, Ended ended = {});

  /// The id of the command that has this key, else `fresh`, which is its id from now on.
  [[nodiscard]] std::string id_for(const std::string& key_digest, const std::string& fresh);
  /// There will be no such command.
  void forget(const std::string& key_digest, const std::string& id);

  /// Commands of this author that have not ended.
  [[nodiscard]] std::size_t open_of(const std::string& author) const;

  /// `call` is called once when the command ends; on the writer's thread, and must be short. Where
  /// it has ended before this, nothing is called: look first, then again afterwards.
  void when_ended(const std::string& id, std::function<void()> call);

  void published(std::span<const std::shared_ptr<fleet::ChangeSet>> changes, TimeMs at,
                 const Cursor& head) override;

 private:
  void note(const Row& row, std::vector<std::function<void()>>& calls) REQUIRES(mutex_);
  void left(const std::string& id) REQUIRES(mutex_);
  void closed(const std::string& id) REQUIRES(mutex_);

  const Ended ended_;
  mutable Mutex mutex_;
  std::map<std::string, std::string, std::less<>> ids_ GUARDED_BY(mutex_);   // by digest of the key
  std::map<std::string, std::string, std::less<>> keys_ GUARDED_BY(mutex_);  // the other way
  std::map<std::string, std::string, std::less<>> open_ GUARDED_BY(mutex_);  // id → author
  std::map<std::string, std::size_t, std::less<>> open_of_ GUARDED_BY(mutex_);
  std::multimap<std::string, std::function<void()>, std::less<>> waiting_ GUARDED_BY(mutex_);
};

}  // namespace cc::api
