#pragma once
// The fleet in memory: every row, by gateway and identity. A container, without rules: those are in
// merge.h.

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "fleet/change_set.h"
#include "fleet/state/row_table.h"
#include "fleet/state/usage.h"

namespace cc::fleet {

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>{}(text);
  }
};
template <class Value>
using TextMap = std::unordered_map<std::string, Value, TextHash, std::equal_to<>>;

/// Rows are shared and never written once they are in here, so a reader may keep one.
class Fleet {
 public:
  template <class Row>
  using Rows = RowTable<Row>;

  /// Everything of one gateway.
  struct Shard {
    std::shared_ptr<const Gateway> gateway;
#define OWNER(...)
#define KIND(tag, noun, number, plural) Rows<tag> plural;
#include "fleet/rows/kinds.def"
    Rows<AgentRuns> runs;

    /// The rows of a kind; not for the gateway's own.
    template <class Row>
    [[nodiscard]] const Rows<Row>& of() const {
      return KindOf<Row>::in(*this);
    }
    [[nodiscard]] Usage usage() const;
  };

  /// Idempotent. A removed gateway takes its rows with it.
  void apply(const ChangeSet& changes);

  /// Adds one row that was loaded from the store.
#define KIND(tag, ...) void put(HeldPointer<tag> row);
#include "fleet/rows/kinds.def"

  /// Reserves room for a gateway's sessions.
  void expect_sessions(std::string_view gateway, std::size_t sessions);
  /// After the last `put`: brings each table's order up to date, as `apply` does by itself.
  void restore_order();

  [[nodiscard]] const TextMap<Shard>& shards() const { return shards_; }
  [[nodiscard]] const Shard* shard(std::string_view gateway) const;

  /// Empty where there is none. Pointers and views are good until the next change.
  [[nodiscard]] const Gateway* gateway(std::string_view name) const;
  template <class Row>
  [[nodiscard]] Seen<Row> find(std::string_view gateway, std::string_view id) const {
    const Shard* held = shard(gateway);
    const auto* row = held == nullptr ? nullptr : held->of<Row>().find(id);
    return row == nullptr ? Seen<Row>() : see<Row>(*row);
  }
  [[nodiscard]] std::size_t session_count(std::string_view gateway) const;
  [[nodiscard]] Usage usage(std::string_view gateway) const;

  /// In no particular order.
  void each_gateway(const std::function<void(const Gateway&)>& visit) const;
  template <class Row, class Visit>
  void each(std::string_view gateway, Visit visit) const {
    const Shard* held = shard(gateway);
    if (held == nullptr) return;
    for (const auto& row : held->of<Row>()) visit(fields_of(*row));
  }

 private:
  Shard& obtain_shard(std::string_view gateway);
  template <class Row>
  void put_in(HeldPointer<Row> row);

  TextMap<Shard> shards_;
};

}  // namespace cc::fleet
