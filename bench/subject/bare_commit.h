#pragma once
// The limit of committing: SQLite's C API, the same tables and pragmas as ours, nothing around it.

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace cc::bench {

/// One thread at a time. Failures throw std::runtime_error.
class BareCommit {
 public:
  /// Makes a new database with full durability.
  explicit BareCommit(const std::filesystem::path& file);
  ~BareCommit();
  BareCommit(const BareCommit&) = delete;
  BareCommit& operator=(const BareCommit&) = delete;

  struct Entry {
    std::string_view body;  // of the journal
    std::string_view id;    // of the row that it changes
    std::string_view row;   // what that row becomes
  };
  /// One transaction. Checkpoints between two of them, as ours does.
  void commit(std::span<const Entry> entries);

 private:
  sqlite3_stmt* prepare(const char* sql);
  void run(const char* sql);
  void step(sqlite3_stmt* statement);
  void check(bool good) const;

  sqlite3* db_ = nullptr;
  sqlite3_stmt* begin_ = nullptr;
  sqlite3_stmt* append_ = nullptr;
  sqlite3_stmt* put_ = nullptr;
  sqlite3_stmt* commit_ = nullptr;
  std::int64_t seq_ = 0;
  std::uint64_t unchecked_bytes_ = 0;
};

}  // namespace cc::bench
