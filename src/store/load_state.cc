#include "store/load_state.h"

#include <algorithm>
#include <map>
#include <thread>
#include <utility>

namespace cc::store {
namespace {

/// Large enough that starting a thread for each does not count.
constexpr std::size_t kChunkBytes = 1U << 20U;

std::size_t most_at_once() {
  return std::clamp(std::thread::hardware_concurrency(), 1U, 8U);
}

std::string_view take(std::string_view& rest, std::size_t size) {
  const auto taken = rest.substr(0, size);
  rest.remove_prefix(size);
  return taken;
}

}  // namespace

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
  if (reading_.size() >= most_at_once()) take_oldest();
  reading_.push_back(
      std::async(std::launch::async, [chunk = std::exchange(chunk_, {})] { return read(chunk); }));
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
  if (!rows) {
    if (!failed_) failed_ = rows.error();
    return;
  }
  read_.push_back(*std::move(rows));
}

Result<fleet::Fleet> StateLoader::finish() {
  if (!chunk_.rows.empty()) hand_out();
  while (!reading_.empty()) take_oldest();
  if (failed_) return std::unexpected(*failed_);
  return gather();
}

// Only now, since a table that grows while it is filled is made again and again.
fleet::Fleet StateLoader::gather() {
  std::map<std::string_view, std::size_t> sessions;
  for (const auto& rows : read_) {
    for (const auto& row : rows) {
      const auto* session = std::get_if<fleet::PackedSession::Pointer>(&row);
      if (session != nullptr) ++sessions[(*session)->gateway()];
    }
  }
  fleet::Fleet fleet;
  for (const auto& [gateway, count] : sessions) fleet.expect_sessions(gateway, count);
  for (auto& rows : read_) {
    for (auto& row : rows) put_row(fleet, std::move(row));
    rows = {};
  }
  return fleet;
}

}  // namespace cc::store
