#pragma once
// Turns SQLite's exceptions into error values with a sentence for people.

#include <filesystem>
#include <type_traits>
#include <utility>

#include <SQLiteCpp/Exception.h>

#include "base/result.h"

namespace cc::store {

/// Full disk, I/O errors, locks and missing rights are kUnavailable; a file that is damaged, is not
/// a database or lacks what our schema has is kCorrupt.
[[nodiscard]] Error sqlite_failure(const SQLite::Exception& thrown,
                                   const std::filesystem::path& file);

/// Whether somebody else's lock was in the way.
[[nodiscard]] bool is_lock_conflict(const SQLite::Exception& thrown);

namespace detail {
template <class T>
struct Flat {
  using type = Result<T>;
};
template <class T>
struct Flat<Result<T>> {
  using type = Result<T>;
};
}  // namespace detail

/// What `work` gives, or what SQLite threw at it.
template <class Work>
auto guard_sqlite(const std::filesystem::path& file, Work&& work) ->
    typename detail::Flat<std::invoke_result_t<Work>>::type {
  try {
    if constexpr (std::is_void_v<std::invoke_result_t<Work>>) {
      std::forward<Work>(work)();
      return {};
    } else {
      return std::forward<Work>(work)();
    }
  } catch (const SQLite::Exception& thrown) {
    return std::unexpected(sqlite_failure(thrown, file));
  }
}

}  // namespace cc::store
