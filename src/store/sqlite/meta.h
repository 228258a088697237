#pragma once
// The table of single facts: docs/format/database.md lists its keys.

#include <cstdint>
#include <optional>
#include <string>

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

namespace cc::store {

namespace meta_key {
inline constexpr const char* kEpoch = "epoch";
inline constexpr const char* kEpochFirst = "epoch_first";
inline constexpr const char* kDurability = "durability";
inline constexpr const char* kBootId = "boot_id";
inline constexpr const char* kCleanStop = "clean_stop";
inline constexpr const char* kBackup = "backup";
inline constexpr const char* kTrimmedSeq = "trimmed_seq";
inline constexpr const char* kTrimmedAt = "trimmed_at";
inline constexpr const char* kCountedSeq = "counted_seq";
inline constexpr const char* kCountedBytes = "counted_bytes";
inline constexpr const char* kAge = "age";
}  // namespace meta_key

/// Throws SQLite::Exception. Belongs to the connection's thread.
class Meta {
 public:
  explicit Meta(SQLite::Database& db);

  [[nodiscard]] std::optional<std::string> text(const char* key);
  /// 0 where there is none.
  [[nodiscard]] std::int64_t number(const char* key);
  void set(const char* key, const std::string& value);
  void set(const char* key, std::int64_t value);

 private:
  SQLite::Statement get_;
  SQLite::Statement set_;
};

}  // namespace cc::store
