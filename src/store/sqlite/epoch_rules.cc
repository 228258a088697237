#include "store/sqlite/epoch_rules.h"

#include <SQLiteCpp/Transaction.h>

#include "store/sqlite/journal_position.h"
#include "store/sqlite/meta.h"

namespace cc::store {
namespace {

constexpr const char* kRelaxedWord = "relaxed";
constexpr const char* kFullWord = "full";

LastRun read_last_run(Meta& meta) {
  LastRun last;
  if (const auto epoch = meta.text(meta_key::kEpoch)) last.epoch = Epoch::parse(*epoch);
  last.restored = meta.number(meta_key::kBackup) != 0;
  if (meta.text(meta_key::kDurability) == kRelaxedWord) last.durability = Durability::kRelaxed;
  last.boot_id = meta.text(meta_key::kBootId).value_or("");
  last.stopped_cleanly = meta.number(meta_key::kCleanStop) != 0;
  return last;
}

void note_this_run(Meta& meta, Durability durability, const std::string& boot_id) {
  meta.set(meta_key::kBackup, 0);
  meta.set(meta_key::kDurability,
           std::string(durability == Durability::kRelaxed ? kRelaxedWord : kFullWord));
  meta.set(meta_key::kBootId, boot_id);
  meta.set(meta_key::kCleanStop, 0);
}

}  // namespace

bool needs_new_epoch(const LastRun& last, const std::string& boot_id) {
  if (!last.epoch || last.restored) return true;
  if (last.durability == Durability::kFull || last.stopped_cleanly) return false;
  return boot_id.empty() || last.boot_id != boot_id;
}

void decide_epoch(SQLite::Database& db, Durability durability, const std::string& boot_id) {
  SQLite::Transaction transaction(db, SQLite::TransactionBehavior::IMMEDIATE);
  Meta meta(db);
  if (needs_new_epoch(read_last_run(meta), boot_id)) {
    const std::int64_t head = read_head(db);
    meta.set(meta_key::kEpoch, Epoch::draw().text());
    meta.set(meta_key::kEpochFirst, head + 1);
  }
  note_this_run(meta, durability, boot_id);
  transaction.commit();
}

}  // namespace cc::store
