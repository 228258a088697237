#include "store/load_row.h"

#include <string>
#include <utility>

namespace cc::store {
namespace {

std::unexpected<Error> damaged(std::string_view kind, std::string_view gateway, std::string_view id,
                               std::string_view why) {
  std::string message = "the stored ";
  message.append(kind).append(" ").append(id).append(" of gateway ").append(gateway);
  message.append(" cannot be read: ").append(why);
  return fail(ErrorCode::kCorrupt, std::move(message));
}

std::string_view gateway_of(const fleet::Gateway& row) {
  return row.name;
}
std::string_view gateway_of(const fleet::PackedSession& row) {
  return row.gateway();
}
template <class Row>
std::string_view gateway_of(const Row& row) {
  return row.gateway;
}

template <class Pointer>
Result<StoredRow> check(Result<Pointer> row, std::string_view kind, std::string_view gateway,
                        std::string_view id) {
  if (!row) return damaged(kind, gateway, id, row.error().message);
  if (gateway_of(**row) != gateway || (*row)->identity() != id) {
    return damaged(kind, gateway, id, "it is another row");
  }
  return *std::move(row);
}

}  // namespace

Result<StoredRow> read_row(fleet::Table kind, std::string_view gateway, std::string_view id,
                           std::string_view json) {
  using fleet::Table;
  switch (kind) {
    case Table::kGateways: return check(fleet::decode_gateway(json), "gateway", gateway, id);
    case Table::kAgents: return check(fleet::decode_agent(json), "agent", gateway, id);
    case Table::kSessions: return check(fleet::decode_session(json), "session", gateway, id);
    case Table::kPresence: return check(fleet::decode_presence(json), "presence", gateway, id);
  }
  return damaged("row", gateway, id, "its kind is not known");
}

void put_row(fleet::Fleet& fleet, StoredRow row) {
  std::visit([&fleet](auto& pointer) { fleet.put(std::move(pointer)); }, row);
}

}  // namespace cc::store
