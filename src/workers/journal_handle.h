#pragma once
// A worker's own way to the journal.

#include <memory>

#include "store/store.h"

namespace cc::workers {

/// A reader that is opened when it is first needed, and again after it has failed. For one thread
/// at a time.
class JournalHandle final : public store::JournalReader {
 public:
  explicit JournalHandle(store::Store& store) : store_(store) {}

  [[nodiscard]] Result<store::JournalPage> read_after(Seq after, std::size_t max_entries,
                                                      std::size_t max_bytes) override;
  [[nodiscard]] Result<journal::Position> visit_after(Seq after, std::size_t max_entries,
                                                      std::size_t max_bytes,
                                                      const store::EntryVisitor& visit) override;
  [[nodiscard]] Result<store::JournalPage> read_before(Seq before, std::size_t max_entries,
                                                       std::size_t max_bytes) override;
  [[nodiscard]] Result<Seq> find_since(TimeMs at) override;

 private:
  template <class Ask>
  auto ask(Ask ask) -> decltype(ask(std::declval<store::JournalReader&>()));

  store::Store& store_;
  std::unique_ptr<store::JournalReader> reader_;  // null: not opened
};

}  // namespace cc::workers
