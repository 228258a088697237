#include "api/resources/fleet/fleet.h"

#include <algorithm>
#include <array>

#include "api/resources/fleet/published_rows.h"

namespace cc::api {
namespace {

using fleet::AgentStatus;

constexpr std::array kStatuses{AgentStatus::kOffline, AgentStatus::kUnknown, AgentStatus::kWaiting,
                               AgentStatus::kStalled, AgentStatus::kWorking, AgentStatus::kError,
                               AgentStatus::kIdle};

struct Snapshot {
  std::vector<Taken<fleet::Gateway>> gateways;
  std::vector<Taken<fleet::Agent>> agents;
  std::size_t sessions = 0;
  std::string cursor;
};

Snapshot take_snapshot(const fleet::Fleet& fleet, const Cursor& head) {
  Snapshot snapshot{take_all<fleet::Gateway>(fleet), take_all<fleet::Agent>(fleet), 0, head.text()};
  for (const auto& [name, shard] : fleet.shards()) snapshot.sessions += shard.sessions.size();
  return snapshot;
}

template <class Row>
void sort_by_identity(std::vector<Taken<Row>>& rows) {
  std::ranges::sort(rows, {}, [](const Taken<Row>& taken) {
    return std::pair<std::string_view, std::string_view>(gateway_of(*taken.row),
                                                         taken.row->identity());
  });
}

void write_counts(JsonWriter& out, const Snapshot& snapshot) {
  out.key("counts").begin_object().key("agents").begin_object();
  for (const AgentStatus status : kStatuses) {
    const auto count = std::ranges::count_if(snapshot.agents, [&](const auto& taken) {
      return fleet::shown_status(taken.row->reported_status, taken.gateway_speaks) == status;
    });
    out.field(text(status), static_cast<std::int64_t>(count));
  }
  out.end_object().field("sessions", static_cast<std::uint64_t>(snapshot.sessions)).end_object();
}

}  // namespace

Answer FleetResource::show(const Call& call) const {
  if (const auto fault = find_parameter_fault(call.query, {})) return problem(*fault);
  Snapshot snapshot = published_.read(take_snapshot);
  sort_by_identity(snapshot.gateways);
  sort_by_identity(snapshot.agents);
  std::string body;
  JsonWriter out(body);
  out.begin_object().field("cursor", snapshot.cursor);
  write_rows(out, "gateways", snapshot.gateways);
  write_rows(out, "agents", snapshot.agents);
  write_counts(out, snapshot);
  out.end_object();
  return json_response(std::move(body));
}

}  // namespace cc::api
