#include "api/server/unsent.h"

namespace cc::api {

std::optional<Unsent::Share> Unsent::take(const std::string& client, std::size_t bytes) {
  const auto held = by_client_.find(client);
  const bool is_first = held == by_client_.end();
  const bool may_be_too_much = bytes > limits_.small && !is_first;
  if (may_be_too_much &&
      (held->second + bytes > limits_.per_client || all_ + bytes > limits_.all)) {
    return std::nullopt;
  }
  if (bytes > 0) by_client_[client] += bytes;
  all_ += bytes;
  return Share(shared_from_this(), client, bytes);
}

void Unsent::give_back(const std::string& client, std::size_t bytes) {
  all_ -= bytes;
  const auto held = by_client_.find(client);
  if (held == by_client_.end()) return;
  held->second -= bytes;
  if (held->second == 0) by_client_.erase(held);
}

}  // namespace cc::api
