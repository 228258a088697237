#include "gateway/protocol/cron.h"

#include "gateway/protocol/rows.h"

namespace cc::gateway::protocol {
namespace {

using fleet::CronPatch;

constexpr std::size_t kMostScheduleBytes = 2048;

void read_schedule(const Members& job, CronPatch& out) {
  const auto schedule = job.object("schedule");
  const auto value = job.find("schedule");
  if (!schedule || !value) return;
  auto json = simdjson::minify(*value);
  if (json.size() <= kMostScheduleBytes) out.schedule.json = std::move(json);
}

void read_state(const Members& state, CronPatch& out) {
  out.next_run_at = value_of(state.time("nextRunAtMs"));
  out.running_since = value_of(state.time("runningAtMs"));
  out.last_run_at = value_of(state.time("lastRunAtMs"));
  out.last_status = value_of(state.text("lastStatus", Members::kWordBytes));
  if (!out.last_status)
    out.last_status = value_of(state.text("lastRunStatus", Members::kWordBytes));
  out.last_error = value_of(state.text("lastError"));
  out.last_duration_ms = value_of(state.count("lastDurationMs"));
  out.consecutive_errors = value_of(state.count("consecutiveErrors")).value_or(0);
}

CronPatch read_job(const Members& job, std::string id) {
  CronPatch out;
  out.id = std::move(id);
  out.agent_id = value_of(or_else(job.identity("agentId"), job.identity("effectiveAgentId")));
  out.name = value_of(job.text("name"));
  out.enabled = job.is_true("enabled");
  read_schedule(job, out);
  if (const auto state = job.object("state")) read_state(*state, out);
  if (!out.next_run_at) out.next_run_at = value_of(job.time("nextRunAtMs"));
  return out;
}

}  // namespace

Result<CronPage> read_cron_list(simdjson::dom::element payload, Skipped& skipped) {
  const auto members = Members::of(payload, skipped);
  const auto rows = members ? members->array("jobs") : std::nullopt;
  if (!rows) return fail(ErrorCode::kInvalid, "the answer to cron.list is no list");
  CronPage page;
  for (const auto element : *rows) {
    const auto keyed = keyed_row(element, "id", skipped);
    if (!keyed || page.jobs.size() == kMaxRows) continue;
    page.jobs.push_back(read_job(keyed->row, std::string(keyed->key)));
  }
  page.next_offset = value_of(members->count("nextOffset"));
  return page;
}

}  // namespace cc::gateway::protocol
