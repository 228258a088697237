#include "api/server/connections.h"

#include <algorithm>

namespace cc::api {

std::uint64_t Connections::add(std::shared_ptr<Connection> connection) {
  open_.emplace(++last_, std::move(connection));
  return last_;
}

bool Connections::close_one_that_waits() {
  const auto waiting =
      std::ranges::find_if(open_, [](const auto& item) { return item.second->waits(); });
  if (waiting == open_.end()) return false;
  waiting->second->abort();
  return true;
}

// Over copies: ending one may remove it.

void Connections::finish_all() {
  const auto open = open_;
  for (const auto& [number, connection] : open) connection->finish();
}

void Connections::abort_all() {
  const auto open = open_;
  for (const auto& [number, connection] : open) connection->abort();
}

}  // namespace cc::api
