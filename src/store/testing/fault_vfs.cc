#include "store/testing/fault_vfs.h"

#include <algorithm>
#include <ranges>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace cc::store::testing {

/// What SQLite holds for an open file: this, and behind it in the same memory the real file.
struct FaultFile {
  sqlite3_file base;
  FaultVfs* vfs;
  const std::string* path;
  sqlite3_file* real;

  static FaultFile& of(sqlite3_file* file) { return *reinterpret_cast<FaultFile*>(file); }
  static int close(sqlite3_file* file);
  static int write(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset);
  static int truncate(sqlite3_file* file, sqlite3_int64 size);
  static int sync(sqlite3_file* file, int flags);
};

namespace {

sqlite3_file* real(sqlite3_file* file) {
  return FaultFile::of(file).real;
}

const sqlite3_io_methods& methods() {
  static const sqlite3_io_methods kTable{
      2,
      FaultFile::close,
      [](sqlite3_file* f, void* to, int n, sqlite3_int64 at) {
        return real(f)->pMethods->xRead(real(f), to, n, at);
      },
      FaultFile::write,
      FaultFile::truncate,
      FaultFile::sync,
      [](sqlite3_file* f, sqlite3_int64* size) {
        return real(f)->pMethods->xFileSize(real(f), size);
      },
      [](sqlite3_file* f, int level) { return real(f)->pMethods->xLock(real(f), level); },
      [](sqlite3_file* f, int level) { return real(f)->pMethods->xUnlock(real(f), level); },
      [](sqlite3_file* f, int* out) { return real(f)->pMethods->xCheckReservedLock(real(f), out); },
      [](sqlite3_file* f, int op, void* arg) {
        return real(f)->pMethods->xFileControl(real(f), op, arg);
      },
      [](sqlite3_file* f) { return real(f)->pMethods->xSectorSize(real(f)); },
      [](sqlite3_file* f) { return real(f)->pMethods->xDeviceCharacteristics(real(f)); },
      [](sqlite3_file* f, int page, int size, int extend, void volatile** out) {
        return real(f)->pMethods->xShmMap(real(f), page, size, extend, out);
      },
      [](sqlite3_file* f, int at, int n, int flags) {
        return real(f)->pMethods->xShmLock(real(f), at, n, flags);
      },
      [](sqlite3_file* f) { real(f)->pMethods->xShmBarrier(real(f)); },
      [](sqlite3_file* f, int remove) { return real(f)->pMethods->xShmUnmap(real(f), remove); },
      nullptr,
      nullptr};
  return kTable;
}

}  // namespace

int FaultFile::close(sqlite3_file* file) {
  sqlite3_file* inner = of(file).real;
  delete of(file)
      .path;  // NOLINT(cppcoreguidelines-owning-memory): SQLite's memory runs no destructors
  return inner->pMethods->xClose(inner);
}

int FaultFile::write(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
  FaultFile& own = of(file);
  if (const int code = own.vfs->refuse_write(*own.path); code != SQLITE_OK) return code;
  own.vfs->remember(*own.path, own.real, offset, size,
                    std::string(static_cast<const char*>(data), static_cast<std::size_t>(size)));
  return own.real->pMethods->xWrite(own.real, data, size, offset);
}

int FaultFile::truncate(sqlite3_file* file, sqlite3_int64 size) {
  FaultFile& own = of(file);
  if (const int code = own.vfs->refuse_write(*own.path); code != SQLITE_OK) return code;
  sqlite3_int64 before = 0;
  own.real->pMethods->xFileSize(own.real, &before);
  own.vfs->remember(*own.path, own.real, size, std::max<sqlite3_int64>(before - size, 0), {});
  return own.real->pMethods->xTruncate(own.real, size);
}

int FaultFile::sync(sqlite3_file* file, int /*flags*/) {
  // No real sync: the page cache outlives everything a test does.
  return of(file).vfs->refuse_sync(*of(file).path);
}

FaultVfs::FaultVfs(std::string name)
    : name_(std::move(name)), real_(sqlite3_vfs_find(nullptr)), vfs_(*real_) {
  vfs_.pNext = nullptr;
  vfs_.zName = name_.c_str();
  vfs_.pAppData = this;
  vfs_.szOsFile = static_cast<int>(sizeof(FaultFile)) + real_->szOsFile;
  vfs_.xOpen = &FaultVfs::open;
  vfs_.xDelete = &FaultVfs::remove;
  sqlite3_vfs_register(&vfs_, 0);
}

FaultVfs::~FaultVfs() {
  sqlite3_vfs_unregister(&vfs_);
}

int FaultVfs::open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* out) {
  auto* self = static_cast<FaultVfs*>(vfs->pAppData);
  FaultFile& own = FaultFile::of(file);
  own.real = reinterpret_cast<sqlite3_file*>(&own + 1);
  own.vfs = self;
  own.base.pMethods = nullptr;
  const int code = self->real_->xOpen(self->real_, path, own.real, flags, out);
  if (code != SQLITE_OK) return code;
  own.path = new std::string(path == nullptr ? "" : path);  // NOLINT: freed in close
  own.base.pMethods = &methods();
  return SQLITE_OK;
}

int FaultVfs::remove(sqlite3_vfs* vfs, const char* path, int sync) {
  auto* self = static_cast<FaultVfs*>(vfs->pAppData);
  const std::scoped_lock lock(self->mutex_);
  if (!self->power_) return SQLITE_IOERR_DELETE;
  self->unsynced_.erase(path);
  return self->real_->xDelete(self->real_, path, sync);
}

void FaultVfs::fail_writes(int code, std::string suffix) {
  const std::scoped_lock lock(mutex_);
  write_failure_ = code;
  write_suffix_ = std::move(suffix);
}

void FaultVfs::fail_syncs(int code) {
  const std::scoped_lock lock(mutex_);
  sync_failure_ = code;
}

void FaultVfs::lose_power_at_sync(std::uint64_t number) {
  const std::scoped_lock lock(mutex_);
  last_sync_ = number;
}

void FaultVfs::lose_power_at_write(std::uint64_t number) {
  const std::scoped_lock lock(mutex_);
  last_write_ = number;
}

void FaultVfs::lose_power() {
  const std::scoped_lock lock(mutex_);
  power_ = false;
}

bool FaultVfs::has_power() const {
  const std::scoped_lock lock(mutex_);
  return power_;
}

std::uint64_t FaultVfs::syncs() const {
  const std::scoped_lock lock(mutex_);
  return syncs_;
}

std::uint64_t FaultVfs::writes() const {
  const std::scoped_lock lock(mutex_);
  return writes_;
}

int FaultVfs::refuse_write(const std::string& path) {
  const std::scoped_lock lock(mutex_);
  if (++writes_ >= last_write_) power_ = false;
  if (!power_) return SQLITE_IOERR_WRITE;
  return path.ends_with(write_suffix_) ? write_failure_ : SQLITE_OK;
}

int FaultVfs::refuse_sync(const std::string& path) {
  const std::scoped_lock lock(mutex_);
  if (++syncs_ >= last_sync_) power_ = false;
  if (!power_) return SQLITE_IOERR_FSYNC;
  if (sync_failure_ != SQLITE_OK) return sync_failure_;
  unsynced_.erase(path);
  return SQLITE_OK;
}

void FaultVfs::remember(const std::string& path, sqlite3_file* file, sqlite3_int64 offset,
                        sqlite3_int64 length, std::optional<std::string> after) {
  Change change{offset, {}, 0, std::move(after)};
  file->pMethods->xFileSize(file, &change.size);
  const sqlite3_int64 overwritten = std::clamp<sqlite3_int64>(change.size - offset, 0, length);
  change.before.resize(static_cast<std::size_t>(overwritten));
  if (overwritten > 0) {
    file->pMethods->xRead(file, change.before.data(), static_cast<int>(overwritten), offset);
  }
  const std::scoped_lock lock(mutex_);
  unsynced_[path].push_back(std::move(change));
}

namespace {

/// Bytes that nobody wrote.
std::string garbled(std::string_view piece) {
  std::string bytes(piece);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<char>(static_cast<unsigned char>(bytes[i]) ^ (0x5AU + i * 31U));
  }
  return bytes;
}

/// A file that is put right behind SQLite's back.
class RawFile {
 public:
  explicit RawFile(const std::string& path) : file_(::open(path.c_str(), O_RDWR | O_CLOEXEC)) {}
  ~RawFile() {
    if (file_ >= 0) ::close(file_);
  }
  RawFile(const RawFile&) = delete;
  RawFile& operator=(const RawFile&) = delete;

  void write(std::string_view bytes, sqlite3_int64 offset) const {
    [[maybe_unused]] const auto written = ::pwrite(file_, bytes.data(), bytes.size(), offset);
  }
  void resize(sqlite3_int64 size) const {
    [[maybe_unused]] const int cut = ::ftruncate(file_, size);
  }

 private:
  int file_;
};

/// Calls `each(piece, offset)` with what lies in one 4 KiB block of the file.
template <class Each>
void for_each_piece(std::string_view bytes, sqlite3_int64 offset, Each&& each) {
  constexpr sqlite3_int64 kBlock = 4096;
  while (!bytes.empty()) {
    const auto length = static_cast<std::size_t>(kBlock - offset % kBlock);
    const std::string_view piece = bytes.substr(0, length);
    each(piece, offset);
    bytes.remove_prefix(piece.size());
    offset += static_cast<sqlite3_int64>(piece.size());
  }
}

}  // namespace

void FaultVfs::restore_power(const std::function<Fate()>& fate) {
  const std::scoped_lock lock(mutex_);
  for (const auto& [path, changes] : unsynced_) {
    const RawFile file(path);
    for (const Change& change : std::views::reverse(changes)) {
      file.write(change.before, change.offset);
      file.resize(change.size);
    }
    for (const Change& change : changes) {
      if (!change.after) {
        if (fate() == Fate::kKept) file.resize(change.offset);
        continue;
      }
      for_each_piece(*change.after, change.offset, [&](std::string_view piece, auto offset) {
        const Fate its = fate();
        if (its == Fate::kKept) file.write(piece, offset);
        if (its == Fate::kGarbled) file.write(garbled(piece), offset);
      });
    }
  }
  unsynced_.clear();
  last_sync_ = UINT64_MAX;
  last_write_ = UINT64_MAX;
  power_ = true;
}

}  // namespace cc::store::testing
