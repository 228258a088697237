#include "api/server/connections.h"

namespace cc::api {

std::uint64_t Connections::add(std::shared_ptr<Connection> connection) {
  open_.emplace(++last_, std::move(connection));
  return last_;
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
