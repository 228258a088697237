#pragma once
// A disk that fails when a test says so: a SQLite VFS over the default one.
//
// It also loses power. Writes go through to the real file, and what each overwrote is remembered
// until the file is synced; after a crash, what was not synced is undone.

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include <sqlite3.h>

namespace cc::store::testing {

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
  /// At once.
  void lose_power();
  [[nodiscard]] bool has_power() const;
  [[nodiscard]] std::uint64_t syncs() const;
  /// Undoes writes that were not synced, those for which `survives` says no, and switches the power
  /// on again. The stores that used the files must be gone.
  void restore_power(const std::function<bool()>& survives);

 private:
  friend struct FaultFile;
  /// How to take back one change of a file: what stood at `offset`, and the size it had.
  struct Undo {
    sqlite3_int64 offset = 0;
    std::string before;
    sqlite3_int64 size = 0;
  };

  static int open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* out);
  static int remove(sqlite3_vfs* vfs, const char* path, int sync);

  [[nodiscard]] int refuse_write(const std::string& path);
  [[nodiscard]] int refuse_sync(const std::string& path);
  void remember(const std::string& path, sqlite3_file* real, sqlite3_int64 offset,
                sqlite3_int64 length);

  const std::string name_;
  sqlite3_vfs* const real_;
  sqlite3_vfs vfs_{};

  mutable std::mutex mutex_;
  int write_failure_ = 0;
  std::string write_suffix_;
  int sync_failure_ = 0;
  std::uint64_t syncs_ = 0;
  std::uint64_t last_sync_ = UINT64_MAX;
  bool power_ = true;
  std::map<std::string, std::vector<Undo>> unsynced_;
};

}  // namespace cc::store::testing
