#include "bench/benches/bare_read.h"

#include <stdexcept>

#include <sqlite3.h>

#include "bench/load/sockets.h"

namespace cc::bench {

BareRead bare_read(const std::filesystem::path& file, const std::string& statement) {
  BareRead read;
  sqlite3* db = nullptr;
  sqlite3_stmt* select = nullptr;
  const std::int64_t begun = steady_now();
  if (sqlite3_open_v2(file.c_str(), &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nullptr) !=
          SQLITE_OK ||
      sqlite3_prepare_v2(db, statement.c_str(), -1, &select, nullptr) != SQLITE_OK) {
    const std::string why = sqlite3_errmsg(db);
    sqlite3_close(db);
    throw std::runtime_error("cannot read " + file.string() + ": " + why);
  }
  const int last = sqlite3_column_count(select) - 1;
  while (sqlite3_step(select) == SQLITE_ROW) {
    ++read.rows;
    // Fetching the text makes SQLite gather what lies on overflow pages.
    if (sqlite3_column_text(select, last) != nullptr) {
      read.bytes += static_cast<std::uint64_t>(sqlite3_column_bytes(select, last));
    }
  }
  sqlite3_finalize(select);
  sqlite3_close(db);
  read.seconds = static_cast<double>(steady_now() - begun) / 1e9;
  return read;
}

}  // namespace cc::bench
