#pragma once
// What the ring no longer holds, read from the journal page by page.

#include <memory>
#include <optional>
#include <vector>

#include "base/result.h"
#include "store/store.h"
#include "stream/encoded.h"

namespace cc::stream {

/// Lives on the readers' thread. Keeps the latest page, so that readers at about the same place
/// read it once.
class Replay {
 public:
  Replay(store::Store& store, std::size_t page_entries, std::size_t page_bytes)
      : store_(store), page_entries_(page_entries), page_bytes_(page_bytes) {}

  enum class Found {
    kEntries,
    kOvertaken,  // retention has removed what comes next
  };

  /// Fills `batch`, made for the place `after`, with entries up to `head`; what is committed but
  /// not published yet is left for later. Errors: what the journal says; asking again later is
  /// fine.
  [[nodiscard]] Result<Found> fill(Seq after, Seq head, Batch& batch);

  /// Gives the page's memory back.
  void forget_page() { page_.clear(); }

 private:
  [[nodiscard]] bool page_covers(Seq after) const;
  [[nodiscard]] Result<Found> read_page(Seq after);

  store::Store& store_;
  const std::size_t page_entries_;
  const std::size_t page_bytes_;
  std::unique_ptr<store::JournalReader> reader_;  // opened when first needed
  std::vector<Encoded> page_;
};

}  // namespace cc::stream
