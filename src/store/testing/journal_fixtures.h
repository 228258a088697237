#pragma once
// What the store's tests write and read: entries and rows made by hand, and a folder to make
// databases in.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "files/testing/scratch.h"
#include "fleet/rows/codec.h"
#include "store/store.h"

namespace cc::store::testing {

inline constexpr std::size_t kNoLimit = 1U << 30U;

using files::testing::ScratchFolder;

/// What `make_entry` puts into the body of entry `seq`.
inline std::string body_of(Seq seq, std::size_t size = 0) {
  std::string body = R"({"at":)" + std::to_string(seq * 10) + R"(,"filler":")";
  if (body.size() + 2 < size) body.append(size - body.size() - 2, 'x');
  return body + R"("})";
}

/// Entry `seq` is of time 10 × seq.
inline journal::Entry make_entry(Seq seq, std::size_t size = 0) {
  return {.seq = seq,
          .at = static_cast<TimeMs>(seq * 10),
          .gateway = "default",
          .event = fleet::EventKind::kSessionUpdate,
          .body = body_of(seq, size)};
}

inline Result<void> try_commit(Store& store, std::size_t entries, std::size_t size = 0) {
  auto transaction = store.begin();
  if (!transaction) return std::unexpected(transaction.error());
  for (std::size_t i = 0; i < entries; ++i) {
    auto appended = (*transaction)->append(make_entry((*transaction)->next_seq(), size));
    if (!appended) return appended;
  }
  return (*transaction)->commit();
}

/// One transaction of so many entries.
inline void commit(Store& store, std::size_t entries, std::size_t size = 0) {
  const auto committed = try_commit(store, entries, size);
  ASSERT_TRUE(committed) << committed.error().message;
}

inline JournalPage read_page(Store& store, Seq after, std::size_t max_entries = kNoLimit,
                             std::size_t max_bytes = kNoLimit) {
  auto reader = store.open_reader();
  EXPECT_TRUE(reader) << reader.error().message;
  auto page = (*reader)->read_after(after, max_entries, max_bytes);
  EXPECT_TRUE(page) << page.error().message;
  return std::move(*page);
}

inline JournalPage read_page_before(Store& store, Seq before, std::size_t max_entries = kNoLimit,
                                    std::size_t max_bytes = kNoLimit) {
  auto reader = store.open_reader();
  EXPECT_TRUE(reader) << reader.error().message;
  auto page = (*reader)->read_before(before, max_entries, max_bytes);
  EXPECT_TRUE(page) << page.error().message;
  return std::move(*page);
}

inline Seq find_since(Store& store, TimeMs at) {
  auto reader = store.open_reader();
  EXPECT_TRUE(reader) << reader.error().message;
  const auto found = (*reader)->find_since(at);
  EXPECT_TRUE(found) << found.error().message;
  return *found;
}

inline std::vector<Seq> numbers(const JournalPage& page) {
  std::vector<Seq> seqs;
  for (const auto& entry : page.entries) seqs.push_back(entry.seq);
  return seqs;
}

/// First to last, both included.
inline std::vector<Seq> run_of(Seq first, Seq last) {
  std::vector<Seq> seqs;
  for (Seq seq = first; seq <= last; ++seq) seqs.push_back(seq);
  return seqs;
}

inline std::string json_of(const fleet::SessionRow& row) {
  std::string json;
  JsonWriter out(json);
  fleet::encode<fleet::Session>(out, row, true);
  return json;
}

inline std::string json_of(const fleet::Gateway& row) {
  std::string json;
  JsonWriter out(json);
  fleet::encode<fleet::Gateway>(out, row, true);
  return json;
}

inline fleet::SessionRow make_session(std::string_view gateway, std::string_view key,
                                      std::string_view title) {
  fleet::SessionRow row;
  row.gateway = gateway;
  row.key = key;
  row.title = title;
  return row;
}

}  // namespace cc::store::testing
