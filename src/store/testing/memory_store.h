#pragma once
// The store in memory, for tests: the same contract, nothing kept.

#include <atomic>
#include <memory>

#include "store/store.h"

namespace cc::store {

/// Commits fail (kUnavailable) while `fail_commits` is set; the test owns it and it must outlive
/// the store.
[[nodiscard]] std::unique_ptr<Store> make_memory_store(
    const std::atomic<bool>* fail_commits = nullptr);

}  // namespace cc::store
