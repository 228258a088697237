#pragma once
// One transaction: observations merged on an overlay, encoded, and written.

#include <memory>
#include <string_view>
#include <vector>

#include <boost/container_hash/hash.hpp>
#include <boost/unordered/unordered_flat_map.hpp>

#include "base/clock.h"
#include "fleet/merge.h"
#include "fleet/state/overlay.h"
#include "journal/entry.h"
#include "store/store.h"

namespace cc::ingest {

/// Use once, on the writer's thread: `add` …, `write`, then publish what it holds or drop it.
class Batch {
 public:
  Batch(const fleet::Fleet& committed, const fleet::MergeRules& rules)
      : overlay_(committed), rules_(rules) {}

  /// `listened`: the listening clock (fleet/merge.h).
  void add(const fleet::Observation& observation, Millis listened);
  void add_time(TimeMs now, Millis listened);

  /// Writes what is to be journaled in one transaction, stamped `at`. Nothing to journal: no
  /// transaction.
  [[nodiscard]] Result<void> write(store::Store& store, TimeMs at);

  [[nodiscard]] bool changes_nothing() const { return overlay_.applied().empty(); }
  [[nodiscard]] const std::vector<std::shared_ptr<fleet::ChangeSet>>& changes() const {
    return overlay_.applied();
  }
  /// Numbered and in order; empty before `write`.
  [[nodiscard]] const std::vector<journal::Entry>& entries() const { return entries_; }
  [[nodiscard]] std::size_t rows_written() const { return rows_.size(); }

 private:
  /// Whose views are those of a RowWrite: they point into change sets, which live as long as this.
  struct RowKey {
    fleet::Kind kind;
    std::string_view gateway;
    std::string_view id;
    friend bool operator==(const RowKey&, const RowKey&) = default;
    friend std::size_t hash_value(const RowKey& key) {
      std::size_t seed = 0;
      boost::hash_combine(seed, static_cast<int>(key.kind));
      boost::hash_combine(seed, key.gateway);
      boost::hash_combine(seed, key.id);
      return seed;
    }
  };

  void keep(fleet::ChangeSet changes);
  void apply(fleet::ChangeSet changes);
  [[nodiscard]] Result<void> write_journal(store::Transaction& transaction, TimeMs at);
  [[nodiscard]] Result<void> write_rows(store::Transaction& transaction);
  void collect(const std::vector<journal::RowWrite>& rows);

  fleet::Overlay overlay_;
  const fleet::MergeRules& rules_;
  std::vector<journal::Entry> entries_;
  /// The last write of each row: several changes of one row in a batch write it once.
  std::vector<journal::RowWrite> rows_;
  boost::unordered_flat_map<RowKey, std::size_t> row_index_;
};

}  // namespace cc::ingest
