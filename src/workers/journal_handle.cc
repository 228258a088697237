#include "workers/journal_handle.h"

namespace cc::workers {

template <class Ask>
auto JournalHandle::ask(Ask ask) -> decltype(ask(std::declval<store::JournalReader&>())) {
  if (!reader_) {
    auto opened = store_.open_reader();
    if (!opened) return std::unexpected(opened.error());
    reader_ = *std::move(opened);
  }
  auto answer = ask(*reader_);
  if (!answer) reader_.reset();
  return answer;
}

Result<store::JournalPage> JournalHandle::read_after(Seq after, std::size_t max_entries,
                                                     std::size_t max_bytes) {
  return ask([&](auto& reader) { return reader.read_after(after, max_entries, max_bytes); });
}

Result<journal::Position> JournalHandle::visit_after(Seq after, std::size_t max_entries,
                                                     std::size_t max_bytes,
                                                     const store::EntryVisitor& visit) {
  return ask(
      [&](auto& reader) { return reader.visit_after(after, max_entries, max_bytes, visit); });
}

Result<store::JournalPage> JournalHandle::read_before(Seq before, std::size_t max_entries,
                                                      std::size_t max_bytes) {
  return ask([&](auto& reader) { return reader.read_before(before, max_entries, max_bytes); });
}

Result<Seq> JournalHandle::find_since(TimeMs at) {
  return ask([&](auto& reader) { return reader.find_since(at); });
}

}  // namespace cc::workers
