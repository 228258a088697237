#include "api/resources/commands/command_book.h"

#include <utility>

namespace cc::api {

CommandBook::CommandBook(const fleet::PublishedFleet& published, Ended ended)
    : ended_(std::move(ended)) {
  published.read([this](const fleet::Fleet& fleet, const Cursor&) {
    std::vector<std::function<void()>> nobody;
    const MutexLock lock(mutex_);
    for (const auto& [name, shard] : fleet.shards()) {
      for (const auto& row : shard.commands) note(row, nobody);
    }
  });
}

std::string CommandBook::id_for(const std::string& key_digest, const std::string& fresh) {
  const MutexLock lock(mutex_);
  const auto [place, is_new] = ids_.try_emplace(key_digest, fresh);
  if (is_new) keys_.emplace(fresh, key_digest);
  return place->second;
}

void CommandBook::forget(const std::string& key_digest, const std::string& id) {
  const MutexLock lock(mutex_);
  const auto found = ids_.find(key_digest);
  if (found != ids_.end() && found->second == id) left(id);
}

std::size_t CommandBook::open_of(const std::string& author) const {
  const MutexLock lock(mutex_);
  const auto found = open_of_.find(author);
  return found == open_of_.end() ? 0 : found->second;
}

void CommandBook::when_ended(const std::string& id, std::function<void()> call) {
  const MutexLock lock(mutex_);
  waiting_.emplace(id, std::move(call));
}

void CommandBook::published(std::span<const std::shared_ptr<fleet::ChangeSet>> changes,
                            TimeMs /*at*/, const Cursor& /*head*/) {
  std::vector<std::function<void()>> calls;
  for (const auto& change : changes) {
    if (change->commands.empty()) continue;  // which is nearly always
    {
      const MutexLock lock(mutex_);
      for (const auto& row : change->commands.upsert) note(row, calls);
      for (const auto& id : change->commands.remove) left(id);
    }
    if (!ended_) continue;
    for (const auto& row : change->commands.upsert) {
      if (has_ended(row->status)) ended_(row);
    }
  }
  for (const auto& call : calls) call();
}

void CommandBook::note(const Row& row, std::vector<std::function<void()>>& calls) {
  if (row->key_digest && ids_.try_emplace(*row->key_digest, row->id).second) {
    keys_.emplace(row->id, *row->key_digest);
  }
  if (!has_ended(row->status)) {
    if (open_.try_emplace(row->id, row->author.name).second) ++open_of_[row->author.name];
    return;
  }
  closed(row->id);
  const auto [first, last] = waiting_.equal_range(row->id);
  for (auto it = first; it != last; ++it) calls.push_back(std::move(it->second));
  waiting_.erase(first, last);
}

void CommandBook::closed(const std::string& id) {
  const auto open = open_.find(id);
  if (open == open_.end()) return;
  const auto count = open_of_.find(open->second);
  if (count != open_of_.end() && --count->second == 0) open_of_.erase(count);
  open_.erase(open);
}

void CommandBook::left(const std::string& id) {
  closed(id);
  const auto key = keys_.find(id);
  if (key == keys_.end()) return;
  ids_.erase(key->second);
  keys_.erase(key);
}

}  // namespace cc::api
