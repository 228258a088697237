#include "gateway/protocol/rest.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/text.h"
#include "gateway/protocol/document.h"
#include "gateway/protocol/lists.h"
#include "gateway/protocol/rows.h"

namespace cc::gateway::protocol {
namespace {

using fleet::AgentStatus;
using simdjson::dom::element;

struct StatusWord {
  std::string_view word;
  AgentStatus status;
};

constexpr std::array kStatusWords{
    StatusWord{"online", AgentStatus::kIdle},
    StatusWord{"ready", AgentStatus::kIdle},
    StatusWord{"available", AgentStatus::kIdle},
    StatusWord{"standby", AgentStatus::kIdle},
    StatusWord{"sleeping", AgentStatus::kIdle},
    StatusWord{"ok", AgentStatus::kIdle},
    StatusWord{"up", AgentStatus::kIdle},
    StatusWord{"healthy", AgentStatus::kIdle},
    StatusWord{"done", AgentStatus::kIdle},
    StatusWord{"active", AgentStatus::kWorking},
    StatusWord{"busy", AgentStatus::kWorking},
    StatusWord{"running", AgentStatus::kWorking},
    StatusWord{"thinking", AgentStatus::kWorking},
    StatusWord{"processing", AgentStatus::kWorking},
    StatusWord{"approval", AgentStatus::kWaiting},
    StatusWord{"awaiting-approval", AgentStatus::kWaiting},
    StatusWord{"needs-approval", AgentStatus::kWaiting},
    StatusWord{"waiting-approval", AgentStatus::kWaiting},
    StatusWord{"stuck", AgentStatus::kStalled},
    StatusWord{"hung", AgentStatus::kStalled},
    StatusWord{"failed", AgentStatus::kError},
    StatusWord{"failing", AgentStatus::kError},
    StatusWord{"timeout", AgentStatus::kError},
    StatusWord{"crashed", AgentStatus::kError},
    StatusWord{"unhealthy", AgentStatus::kError},
    StatusWord{"down", AgentStatus::kOffline},
    StatusWord{"dead", AgentStatus::kOffline},
    StatusWord{"stopped", AgentStatus::kOffline},
    StatusWord{"disabled", AgentStatus::kOffline},
    StatusWord{"unreachable", AgentStatus::kOffline},
    StatusWord{"disconnected", AgentStatus::kOffline},
};

std::string folded(std::string_view word) {
  std::string out;
  for (const char c : word) {
    if (c == ' ' && out.empty()) continue;
    if (c >= 'A' && c <= 'Z') {
      out += static_cast<char>(c - 'A' + 'a');
    } else {
      out += c == '_' || c == ' ' ? '-' : c;
    }
  }
  while (out.ends_with('-')) out.pop_back();
  return out;
}

std::string_view without_mark(std::string_view body) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  return body.starts_with(kByteOrderMark) ? body.substr(kByteOrderMark.size()) : body;
}

Result<simdjson::dom::array> within_bounds(simdjson::dom::array rows) {
  if (rows.size() > kMaxRows) return fail(ErrorCode::kTooLarge, "the answer has too many rows");
  return rows;
}

Result<simdjson::dom::array> agent_rows(element root, Skipped& skipped) {
  simdjson::dom::array rows;
  if (root.get(rows) == simdjson::SUCCESS) return within_bounds(rows);
  const auto object = Members::of(root, skipped);
  const auto inner = object ? object->array("agents") : std::nullopt;
  if (!inner) return fail(ErrorCode::kInvalid, "the answer is not a list of agents");
  return within_bounds(*inner);
}

fleet::AgentPatch read_polled_agent(const Members& row, std::string id) {
  auto agent = read_agent(row, std::move(id));
  agent.status = status_of_word(row.word("status"));
  agent.last_active_at = row.time("lastActiveAt");
  return agent;
}

/// `result.details` of an answer that says `ok`.
Result<Members> tool_details(element root, Skipped& skipped) {
  const auto answer = Members::of(root, skipped);
  if (!answer) return fail(ErrorCode::kInvalid, "the answer is not that of a tool");
  if (answer->find("error")) return fail(ErrorCode::kRefused, "the gateway did not run the tool");
  const auto result = answer->object("result");
  auto details = result ? result->object("details") : std::nullopt;
  if (!details) return fail(ErrorCode::kInvalid, "the answer of the tool has no details");
  return *details;
}

Result<simdjson::dom::array> tool_rows(element root, std::string_view name, Skipped& skipped) {
  const auto details = tool_details(root, skipped);
  if (!details) return std::unexpected(details.error());
  const auto rows = details->array(name);
  if (!rows) return fail(ErrorCode::kInvalid, "the answer of the tool has no rows");
  return within_bounds(*rows);
}

/// Only the identities. What the agents do follows from the sessions' rows.
std::vector<fleet::AgentPatch> agents_among(const std::vector<fleet::SessionPatch>& sessions) {
  std::set<std::string_view> ids;
  for (const auto& session : sessions) {
    if (const auto id = value_of(session.agent_id)) ids.insert(*id);
  }
  std::vector<fleet::AgentPatch> agents;
  for (const auto& id : ids) {
    fleet::AgentPatch agent;
    agent.id = std::string(id);
    agents.push_back(std::move(agent));
  }
  return agents;
}

}  // namespace

std::string form_fault(std::string_view encoding, std::string_view body) {
  const auto said = clean_text(encoding, 32);
  if (!said.empty() && folded(said) != "identity") {
    return "in the encoding " + said + ", which was not asked for";
  }
  if (body.starts_with("\x1F\x8B")) return "in the encoding gzip, without saying so";
  if (body.starts_with("\xFF\xFE") || body.starts_with("\xFE\xFF")) return "in UTF-16, not UTF-8";
  return {};
}

bool is_no_endpoint(int status, std::string_view body) {
  if (status != 200) return status == 404;
  body = without_mark(body);
  const auto start = body.find_first_not_of(" \t\r\n");
  return start == std::string_view::npos || (body[start] != '[' && body[start] != '{');
}

AgentStatus status_of_word(std::string_view word) {
  const auto known = folded(word);
  if (known.empty()) return AgentStatus::kIdle;
  if (const auto ours = fleet::parse<fleet::AgentStatus>(known)) return *ours;
  for (const auto& entry : kStatusWords) {
    if (entry.word == known) return entry.status;
  }
  return AgentStatus::kUnknown;
}

Result<std::vector<fleet::AgentPatch>> read_agents_answer(std::string_view body,
                                                          std::vector<std::string_view>& skipped) {
  Document document;
  const auto root = document.parse(without_mark(body));
  if (!root) return std::unexpected(root.error());
  const auto rows = agent_rows(*root, skipped);
  if (!rows) return std::unexpected(rows.error());
  return read_agents(*rows, skipped, read_polled_agent);
}

Result<ToolsAnswer> read_sessions_tool(std::string_view body,
                                       std::vector<std::string_view>& skipped) {
  Document document;
  const auto root = document.parse(without_mark(body));
  if (!root) return std::unexpected(root.error());
  const auto rows = tool_rows(*root, "sessions", skipped);
  if (!rows) return std::unexpected(rows.error());
  ToolsAnswer answer;
  answer.sessions = read_sessions(*rows, false, skipped);
  answer.agents = agents_among(answer.sessions.sessions);
  return answer;
}

Result<std::vector<fleet::AgentPatch>> read_agents_tool(std::string_view body,
                                                        std::vector<std::string_view>& skipped) {
  Document document;
  const auto root = document.parse(without_mark(body));
  if (!root) return std::unexpected(root.error());
  const auto rows = tool_rows(*root, "agents", skipped);
  if (!rows) return std::unexpected(rows.error());
  return read_agents(*rows, skipped, read_agent);
}

}  // namespace cc::gateway::protocol
