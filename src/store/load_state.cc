#include "store/load_state.h"

#include <algorithm>
#include <thread>
#include <utility>

#include <boost/asio/post.hpp>

namespace cc::store {
namespace {

/// Handing one over wakes a thread, which costs more than starting to read.
constexpr std::size_t kChunkBytes = 1U << 20U;
/// However many an agent says that there are.
constexpr std::size_t kMostExpected = 1'000'000;
constexpr std::size_t kChunksPerReader = 3;

/// One core fetches.
std::size_t readers() {
  return std::clamp(std::thread::hardware_concurrency(), 2U, 8U) - 1;
}

std::string_view take(std::string_view& rest, std::size_t size) {
  const auto taken = rest.substr(0, size);
  rest.remove_prefix(size);
  return taken;
}

}  // namespace

StateLoader::StateLoader() : readers_(readers()), pool_(readers_) {}

void StateLoader::add(fleet::Table kind, std::string_view gateway, std::string_view id,
                      std::string_view json) {
  if (chunk_.rows.empty()) chunk_.bytes.reserve(kChunkBytes + kChunkBytes / 8);
  chunk_.bytes.append(gateway).append(id).append(json);
  chunk_.rows.push_back({kind, static_cast<std::uint32_t>(gateway.size()),
                         static_cast<std::uint32_t>(id.size()),
                         static_cast<std::uint32_t>(json.size())});
  if (chunk_.bytes.size() >= kChunkBytes) hand_out();
}

void StateLoader::hand_out() {
  if (reading_.size() >= kChunksPerReader * readers_) take_oldest();
  std::packaged_task<Rows()> task([chunk = std::exchange(chunk_, {})] { return read(chunk); });
  reading_.push_back(task.get_future());
  boost::asio::post(pool_, std::move(task));
}

StateLoader::Rows StateLoader::read(const Chunk& chunk) {
  std::vector<StoredRow> rows;
  rows.reserve(chunk.rows.size());
  std::string_view rest = chunk.bytes;
  for (const Chunk::Row& stored : chunk.rows) {
    const auto gateway = take(rest, stored.gateway);
    const auto id = take(rest, stored.id);
    auto row = read_row(stored.kind, gateway, id, take(rest, stored.json));
    if (!row) return std::unexpected(row.error());
    rows.push_back(*std::move(row));
  }
  return rows;
}

void StateLoader::take_oldest() {
  auto rows = reading_.front().get();
  reading_.pop_front();
  if (rows) {
    for (auto& row : *rows) put(std::move(row));
  } else if (!failed_) {
    failed_ = rows.error();
  }
}

void StateLoader::put(StoredRow row) {
  if (const auto* agent = std::get_if<std::shared_ptr<const fleet::Agent>>(&row)) {
    expected_[(*agent)->gateway] +=
        static_cast<std::size_t>(std::max<std::int64_t>((*agent)->sessions, 0));
  } else if (const auto* session = std::get_if<fleet::PackedSession::Pointer>(&row)) {
    make_room((*session)->gateway());
  }
  put_row(fleet_, std::move(row));
}

// A table that grows while it is filled is made again and again. The agents come first, and know.
void StateLoader::make_room(std::string_view gateway) {
  if (expected_.empty()) return;
  const auto found = expected_.find(gateway);
  if (found == expected_.end()) return;
  fleet_.expect_sessions(gateway, std::min(found->second, kMostExpected));
  expected_.erase(found);
}

Result<fleet::Fleet> StateLoader::finish() {
  if (!chunk_.rows.empty()) hand_out();
  while (!reading_.empty()) take_oldest();
  if (failed_) return std::unexpected(*failed_);
  return std::move(fleet_);
}

}  // namespace cc::store
