#include "ingest/batch.h"

#include "fleet/apart.h"
#include "fleet/rules/command_rules.h"
#include "journal/encode.h"

namespace cc::ingest {

void Batch::add(const fleet::Observation& observation, Millis listened) {
  keep(merge(overlay_, observation, listened));
  const auto* given = std::get_if<fleet::CommandGiven>(&observation.what);
  if (given == nullptr || !fleet::goes_at_once(overlay_, given->row)) return;
  const fleet::Observation due{observation.gateway, observation.source, observation.at,
                               fleet::CommandDue{given->row.id}};
  keep(merge(overlay_, due, listened));
}

void Batch::add_time(TimeMs now, Millis listened) {
  for (auto& changes : merge_time(overlay_, now, listened, rules_)) keep(std::move(changes));
}

void Batch::keep(fleet::ChangeSet changes) {
  auto behind = fleet::take_apart(changes);
  apply(std::move(changes));
  for (auto& part : behind) apply(std::move(part));
}

void Batch::apply(fleet::ChangeSet changes) {
  if (!changes.empty()) overlay_.apply(std::make_shared<fleet::ChangeSet>(std::move(changes)));
}

Result<void> Batch::write(store::Store& store, TimeMs at) {
  const auto is_journaled = [](const auto& changes) { return changes->journaled(); };
  if (std::ranges::none_of(changes(), is_journaled)) return {};
  auto transaction = store.begin();
  if (!transaction) return std::unexpected(transaction.error());
  if (auto done = write_journal(**transaction, at); !done) return done;
  if (auto done = write_rows(**transaction); !done) return done;
  return (*transaction)->commit();
}

Result<void> Batch::write_journal(store::Transaction& transaction, TimeMs at) {
  Seq next = transaction.next_seq();
  for (const auto& changes : changes()) {
    if (!changes->journaled()) continue;
    journal::EncodedChanges encoded = journal::encode(*changes, next, at);
    next += encoded.entries.size();
    collect(encoded.rows);
    for (auto& entry : encoded.entries) {
      if (auto done = transaction.append(entry); !done) return done;
      entries_.push_back(
          std::move(entry));  // a moved string keeps its buffer, so the rows' views stay good
    }
  }
  return {};
}

void Batch::collect(const std::vector<journal::RowWrite>& rows) {
  for (const auto& row : rows) {
    const RowKey key{.kind = row.kind, .gateway = row.gateway, .id = row.id};
    const auto [place, is_new] = row_index_.try_emplace(key, rows_.size());
    if (is_new) {
      rows_.push_back(row);
    } else {
      rows_[place->second] = row;
    }
  }
}

Result<void> Batch::write_rows(store::Transaction& transaction) {
  for (const auto& row : rows_) {
    if (auto done = transaction.put(row); !done) return done;
  }
  return {};
}

}  // namespace cc::ingest
