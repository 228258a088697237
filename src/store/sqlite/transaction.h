#pragma once
// One transaction of the writer.

#include <optional>
#include <string>

#include "store/sqlite/writer.h"

namespace cc::store {

class SqliteTransaction final : public Transaction {
 public:
  /// The database's transaction has begun; it is ended here.
  explicit SqliteTransaction(SqliteWriter& writer);
  ~SqliteTransaction() override;
  SqliteTransaction(const SqliteTransaction&) = delete;
  SqliteTransaction& operator=(const SqliteTransaction&) = delete;

  [[nodiscard]] Seq next_seq() const override { return first_ + appended_; }
  [[nodiscard]] Result<void> append(const journal::Entry& entry) override;
  [[nodiscard]] Result<void> put(const journal::RowWrite& row) override;
  [[nodiscard]] Result<void> commit() override;

 private:
  template <class Work>
  Result<void> attempt(Work&& work);
  void insert(const journal::Entry& entry);
  void write(const journal::RowWrite& row);
  void remove(const journal::RowWrite& row);
  void finish();

  SqliteWriter& writer_;
  const Seq first_;
  Seq appended_ = 0;
  TimeMs last_at_;
  std::uint64_t bytes_ = 0;
  bool done_ = false;
  std::optional<Error> failed_;
  // SQLite is handed pointers, and SQLiteCpp takes text by std::string only.
  std::string gateway_;
  std::string id_;
  std::string json_;
};

}  // namespace cc::store
