#include "gateway/protocol/rows.h"

namespace cc::gateway::protocol {
namespace {

using fleet::SessionPatch;

constexpr std::size_t kMaxActiveRuns = 256;

using SessionText = fleet::Field<std::string_view>;

SessionText channel_of(const Members& row, fleet::TextArena& texts) {
  const auto channel = row.text({"channel", "lastChannel"}, texts);
  if (value_of(channel)) return channel;
  const auto delivery = row.object("deliveryContext");
  return delivery ? or_else(channel, delivery->text({"channel"}, texts)) : channel;
}

SessionText run_error_of(const Members& row, fleet::TextArena& texts) {
  const auto value = row.find("lastRunError");
  if (!value || value->is_string()) return row.text({"lastRunError"}, texts);
  const auto error = row.object("lastRunError");
  return error ? error->text({"message"}, texts) : SessionText();
}

/// null is said: the gateway does not know which runs they are.
fleet::Field<std::vector<std::string>> active_runs_of(const Members& row) {
  using Runs = std::vector<std::string>;
  if (row.is_null("activeRunIds")) return fleet::Field<Runs>(std::in_place);
  const auto array = row.array("activeRunIds");
  if (!array) return {};
  Runs runs;
  for (const auto id : *array) {
    std::string_view text;
    auto run = id.get(text) == simdjson::SUCCESS ? as_identity(text) : std::nullopt;
    if (!run || runs.size() == kMaxActiveRuns) {
      skip(row.skipped(), "key");
      return fleet::Field<Runs>(std::in_place);
    }
    runs.push_back(std::move(*run));
  }
  return fleet::Field<Runs>(std::in_place, std::move(runs));
}

/// A gateway that does not know a figure yet may send 0 for it.
fleet::Field<std::int64_t> tokens_of(const Members& row, std::string_view name, bool is_fresh) {
  auto count = row.count(name);
  if (!is_fresh && value_of(count) == 0) count.emplace();
  return count;
}

/// Events say 0 where the gateway's own list says nothing, of a run that failed or was stopped.
bool is_free_without_tokens(const SessionPatch& row) {
  return value_of(row.cost_usd) == 0 && !value_of(row.input_tokens) && !value_of(row.output_tokens);
}

void read_figures(const Members& row, SessionPatch& out) {
  out.figures_are_fresh = value_of(row.flag("totalTokensFresh")).value_or(true);
  out.input_tokens = tokens_of(row, "inputTokens", out.figures_are_fresh);
  out.output_tokens = tokens_of(row, "outputTokens", out.figures_are_fresh);
  out.total_tokens = tokens_of(row, "totalTokens", out.figures_are_fresh);
  out.context_tokens = row.count("contextTokens");
  out.cost_usd = row.amount("estimatedCostUsd");
  if (is_free_without_tokens(out)) out.cost_usd.emplace();
  out.started_at = row.time("startedAt");
  out.updated_at = row.time("updatedAt");
  out.ended_at = row.time("endedAt");
}

}  // namespace

SessionPatch read_session(const Members& members, std::string_view key, bool complete,
                          fleet::TextArena& texts) {
  const MemberIndex index = members.index();
  const Members row = members.by(index);
  SessionPatch out;
  out.key = texts.keep(key);
  out.complete = complete;
  out.agent_id = row.identity({"agentId"}, texts);
  if (!value_of(out.agent_id)) {
    if (const auto id = agent_of_key(out.key)) out.agent_id.emplace(id);
  }
  out.session_id = row.identity({"sessionId"}, texts);
  out.parent_key = row.identity({"spawnedBy", "parentSessionKey"}, texts);
  // The label that a person gave, else the display name, else a title derived from the text.
  out.title = row.text({"label", "displayName", "derivedTitle"}, texts);
  out.kind = row.text({"kind"}, texts, Members::kWordBytes);
  out.channel = channel_of(row, texts);
  out.status = row.text({"status"}, texts, Members::kWordBytes);
  out.model = row.text({"model"}, texts);
  out.provider = row.text({"modelProvider"}, texts);
  read_figures(row, out);
  out.archived = row.flag("archived");
  out.last_run_error = run_error_of(row, texts);
  out.has_active_run = value_of(row.flag("hasActiveRun"));
  out.active_run_ids = active_runs_of(row);
  return out;
}

}  // namespace cc::gateway::protocol
