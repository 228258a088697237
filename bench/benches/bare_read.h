#pragma once
// The limit of reading: the statement alone, on SQLite's C API.

#include <cstdint>
#include <filesystem>
#include <string>

namespace cc::bench {

inline constexpr const char* kStateRows = "SELECT kind, gateway, id, version, json FROM state";
inline constexpr const char* kJournal =
    "SELECT seq, at, gateway, event, body FROM journal ORDER BY seq";

struct BareRead {
  double seconds = 0;
  double cpu_seconds = 0;
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;
};

/// Opens, reads every row with all its columns, and copies each text. Throws std::runtime_error.
[[nodiscard]] BareRead bare_read(const std::filesystem::path& file, const std::string& statement);

}  // namespace cc::bench
