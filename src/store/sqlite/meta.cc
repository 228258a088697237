#include "store/sqlite/meta.h"

#include "store/sqlite/connection.h"

namespace cc::store {

Meta::Meta(SQLite::Database& db)
    : get_(db, "SELECT value FROM meta WHERE key = ?1"),
      set_(db,
           "INSERT INTO meta(key, value) VALUES(?1, ?2) "
           "ON CONFLICT(key) DO UPDATE SET value = excluded.value") {}

std::optional<std::string> Meta::text(const char* key) {
  const Rewind rewind(get_);
  get_.bind(1, key);
  if (!get_.executeStep()) return std::nullopt;
  return get_.getColumn(0).getString();
}

std::int64_t Meta::number(const char* key) {
  const Rewind rewind(get_);
  get_.bind(1, key);
  return get_.executeStep() ? get_.getColumn(0).getInt64() : 0;
}

void Meta::set(const char* key, const std::string& value) {
  const Rewind rewind(set_);
  set_.bind(1, key);
  set_.bind(2, value);
  set_.exec();
}

void Meta::set(const char* key, std::int64_t value) {
  const Rewind rewind(set_);
  set_.bind(1, key);
  set_.bind(2, value);
  set_.exec();
}

}  // namespace cc::store
