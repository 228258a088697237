#include "bench/benches/bare_read.h"

#include <stdexcept>

#include <sqlite3.h>

#include "bench/load/sockets.h"
#include "bench/subject/child.h"

namespace cc::bench {
namespace {

/// Every column: numbers as numbers, texts copied, since they have to leave SQLite's page to be of
/// any use.
std::uint64_t take_row(sqlite3_stmt* row, std::string& text) {
  std::uint64_t bytes = 0;
  for (int column = 0; column < sqlite3_column_count(row); ++column) {
    if (sqlite3_column_type(row, column) == SQLITE_INTEGER) {
      bytes += sqlite3_column_int64(row, column) == 0 ? 0 : sizeof(std::int64_t);
      continue;
    }
    const auto* found = reinterpret_cast<const char*>(sqlite3_column_text(row, column));
    text.assign(found, static_cast<std::size_t>(sqlite3_column_bytes(row, column)));
    bytes += text.size();
  }
  return bytes;
}

}  // namespace

BareRead bare_read(const std::filesystem::path& file, const std::string& statement) {
  BareRead read;
  sqlite3* db = nullptr;
  sqlite3_stmt* select = nullptr;
  const std::int64_t begun = steady_now();
  const double cpu = own_thread_cpu_seconds();
  if (sqlite3_open_v2(file.c_str(), &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nullptr) !=
          SQLITE_OK ||
      sqlite3_prepare_v2(db, statement.c_str(), -1, &select, nullptr) != SQLITE_OK) {
    const std::string why = sqlite3_errmsg(db);
    sqlite3_close(db);
    throw std::runtime_error("cannot read " + file.string() + ": " + why);
  }
  std::string text;
  while (sqlite3_step(select) == SQLITE_ROW) {
    ++read.rows;
    read.bytes += take_row(select, text);
  }
  sqlite3_finalize(select);
  sqlite3_close(db);
  read.cpu_seconds = own_thread_cpu_seconds() - cpu;
  read.seconds = static_cast<double>(steady_now() - begun) / 1e9;
  return read;
}

}  // namespace cc::bench
