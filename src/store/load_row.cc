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

const std::string& gateway_of(const fleet::Gateway& row) {
  return row.name;
}
template <class Row>
const std::string& gateway_of(const Row& row) {
  return row.gateway;
}

template <class Row>
Result<void> keep(fleet::Fleet& fleet, Result<std::shared_ptr<Row>> row, std::string_view kind,
                  std::string_view gateway, std::string_view id) {
  if (!row) return damaged(kind, gateway, id, row.error().message);
  if (gateway_of(**row) != gateway || (*row)->identity() != id) {
    return damaged(kind, gateway, id, "it is another row");
  }
  fleet.put(std::shared_ptr<const Row>(std::move(*row)));
  return {};
}

}  // namespace

Result<void> load_row(fleet::Fleet& fleet, fleet::Table kind, std::string_view gateway,
                      std::string_view id, std::string_view json) {
  using fleet::Table;
  switch (kind) {
    case Table::kGateways: return keep(fleet, fleet::decode_gateway(json), "gateway", gateway, id);
    case Table::kAgents: return keep(fleet, fleet::decode_agent(json), "agent", gateway, id);
    case Table::kSessions: return keep(fleet, fleet::decode_session(json), "session", gateway, id);
    case Table::kPresence:
      return keep(fleet, fleet::decode_presence(json), "presence", gateway, id);
  }
  return damaged("row", gateway, id, "its kind is not known");
}

}  // namespace cc::store
