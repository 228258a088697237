#pragma once
// A disk that fails when a test says so: a SQLite VFS over the default one.
//
// It also loses power. Writes go through to the real file, and what each overwrote is remembered
// until the file is synced; after a crash, what was not synced has a fate of its own, piece by
// piece.

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <sqlite3.h>

namespace cc::store::testing {

/// What becomes of a piece of a write that was not synced before the power went.
enum class Fate { kLost, kKept, kGarbled };

class FaultVfs {
 public:
  /// Registered under `name` until destroyed; stores that use it must be gone by then.
  explicit FaultVfs(std::string name);
  ~FaultVfs();
  FaultVfs(const FaultVfs&) = delete;
  FaultVfs& operator=(const FaultVfs&) = delete;

  [[nodiscard]] const std::string& name() const { return name_; }

  /// Writes to files whose name ends in `suffix` fail with this SQLite code; 0 ends it.
  void fail_writes(int code, std::string suffix = "");
  void fail_syncs(int code);

  /// From this sync on (counted from 1) nothing reaches the disk any more, the sync itself
  /// included.
  void lose_power_at_sync(std::uint64_t number);
  /// The same for writes and truncations.
  void lose_power_at_write(std::uint64_t number);
  /// At once.
  void lose_power();
  [[nodiscard]] bool has_power() const;
  [[nodiscard]] std::uint64_t syncs() const;
  [[nodiscard]] std::uint64_t writes() const;
  /// Takes the files back to their last sync, then lets what was written since have its fate:
  /// `fate` is asked for each piece of 4 KiB, so that writes are torn and overtake each other. A
  /// truncation cannot be garbled. Switches the power on again. The stores that used the files must
  /// be gone.
  void restore_power(const std::function<Fate()>& fate);

 private:
  friend struct FaultFile;
  /// One change of a file: how to take it back, and how to make it again.
  struct Change {
    sqlite3_int64 offset = 0;
    std::string before;                // what stood at `offset`
    sqlite3_int64 size = 0;            // of the file before
    std::optional<std::string> after;  // empty: cut off at `offset`
  };

  static int open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* out);
  static int remove(sqlite3_vfs* vfs, const char* path, int sync);

  [[nodiscard]] int refuse_write(const std::string& path);
  [[nodiscard]] int refuse_sync(const std::string& path);
  void remember(const std::string& path, sqlite3_file* real, sqlite3_int64 offset,
                sqlite3_int64 length, std::optional<std::string> after);

  const std::string name_;
  sqlite3_vfs* const real_;
  sqlite3_vfs vfs_{};

  mutable std::mutex mutex_;
  int write_failure_ = 0;
  std::string write_suffix_;
  int sync_failure_ = 0;
  std::uint64_t syncs_ = 0;
  std::uint64_t last_sync_ = UINT64_MAX;
  std::uint64_t writes_ = 0;
  std::uint64_t last_write_ = UINT64_MAX;
  bool power_ = true;
  std::map<std::string, std::vector<Change>> unsynced_;
};

}  // namespace cc::store::testing
