#include "gateway/protocol/approvals.h"

#include "base/json_writer.h"
#include "gateway/protocol/rows.h"

namespace cc::gateway::protocol {
namespace {

using fleet::ApprovalKind;
using fleet::ApprovalPatch;
using fleet::ApprovalStatus;

constexpr std::size_t kMostPending = 10'000;
constexpr std::size_t kMostQuestions = 16;
constexpr std::size_t kMostOptions = 32;

ApprovalKind kind_of(std::string_view id) {
  return is_of_plugin(id) ? ApprovalKind::kPlugin : ApprovalKind::kExec;
}

void read_times(const Members& row, ApprovalPatch& out) {
  out.created_at = value_of(row.time("createdAtMs"));
  out.expires_at = value_of(row.time("expiresAtMs"));
}

/// A command as it will run: line ends and control characters are part of it, and whoever shows it
/// makes them visible. Only what is no UTF-8 is replaced.
std::optional<std::string> whole_command(const Members& request) {
  const auto value = request.find("command");
  std::string_view text;
  if (!value || value->get(text) != simdjson::SUCCESS || text.empty()) return std::nullopt;
  return std::string(cut_text(text, kMostCommandBytes));
}

bool was_cut(const Members& request) {
  const auto value = request.find("command");
  std::string_view text;
  return value && value->get(text) == simdjson::SUCCESS && text.size() > kMostCommandBytes;
}

fleet::Words decisions_of(const Members& request) {
  fleet::Words decisions;
  const auto offered = request.array("allowedDecisions");
  if (!offered) return {"allow-once", "allow-always", "deny"};  // of a plugin: none are named
  for (const auto one : *offered) {
    std::string_view word;
    if (one.get(word) != simdjson::SUCCESS) continue;
    const bool known = word == "allow-once" || word == "allow-always" || word == "deny";
    if (known && decisions.size() < 3) decisions.emplace_back(word);
  }
  return decisions;
}

std::optional<std::string> title_of(const Members& request) {
  for (const auto* name : {"title", "warningText", "description"}) {
    if (auto text = value_of(request.text(name))) return text;
  }
  return std::nullopt;
}

std::optional<ApprovalPatch> read_approval(const Members& row) {
  auto id = row.identity_or_empty("id");
  const auto request = row.object("request");
  if (id.empty() || !request) {
    skip(row.skipped(), id.empty() ? "key" : "type");
    return std::nullopt;
  }
  ApprovalPatch out;
  out.kind = kind_of(id);
  out.id = std::move(id);
  out.agent_id = value_of(request->identity("agentId"));
  out.session_key = value_of(request->identity("sessionKey"));
  out.run_id = value_of(request->identity("runId"));
  out.title = title_of(*request);
  out.command = whole_command(*request);
  out.cwd = value_of(request->text("cwd"));
  out.host = value_of(request->text("host"));
  out.decisions = was_cut(*request) ? fleet::Words{"deny"} : decisions_of(*request);
  read_times(row, out);
  return out;
}

void write_options(JsonWriter& out, const Members& question) {
  out.key("options").begin_array();
  std::size_t count = 0;
  if (const auto options = question.array("options")) {
    for (const auto element : *options) {
      const auto option = Members::of(element, question.skipped());
      if (!option || ++count > kMostOptions) continue;
      out.begin_object()
          .field("label", value_of(option->text("label")).value_or(""))
          .field("description", value_of(option->text("description")))
          .end_object();
    }
  }
  out.end_array();
}

std::optional<fleet::JsonArray> questions_of(const Members& row) {
  const auto questions = row.array("questions");
  if (!questions) return std::nullopt;
  fleet::JsonArray list{.json = {}};
  JsonWriter out(list.json);
  out.begin_array();
  std::size_t count = 0;
  for (const auto element : *questions) {
    const auto question = Members::of(element, row.skipped());
    if (!question || ++count > kMostQuestions) continue;
    out.begin_object()
        .field("id", question->identity_or_empty("questionId"))
        .field("header", value_of(question->text("header")))
        .field("text", value_of(question->text("question")).value_or(""));
    write_options(out, *question);
    out.field("free", question->is_true("isOther"))
        .field("many", question->is_true("multiSelect"))
        .end_object();
  }
  out.end_array();
  return list;
}

std::optional<ApprovalPatch> read_question(const Members& row) {
  auto id = row.identity_or_empty("id");
  auto questions = questions_of(row);
  if (id.empty() || !questions) {
    skip(row.skipped(), id.empty() ? "key" : "type");
    return std::nullopt;
  }
  ApprovalPatch out;
  out.id = std::move(id);
  out.kind = ApprovalKind::kQuestion;
  out.agent_id = value_of(row.identity("agentId"));
  out.session_key = value_of(row.identity("sessionKey"));
  out.run_id = value_of(row.identity("runId"));
  out.questions = std::move(questions);
  out.decisions = {"answer", "cancel"};
  read_times(row, out);
  return out;
}

/// How an approval ended. By nobody: its run was stopped, or it expired, which its row tells.
ApprovalStatus status_of(std::string_view decision, bool by_nobody) {
  if (by_nobody) return ApprovalStatus::kCancelled;
  const bool allowed = decision == "allow-once" || decision == "allow-always";
  return allowed ? ApprovalStatus::kAllowed : ApprovalStatus::kDenied;
}

template <class Read>
Result<std::vector<ApprovalPatch>> read_all(simdjson::dom::array rows, Skipped& skipped,
                                            Read read) {
  std::vector<ApprovalPatch> list;
  for (const auto element : rows) {
    const auto row = Members::of(element, skipped);
    if (!row || list.size() == kMostPending) {
      skip(skipped, row ? "rows" : "type");
      continue;
    }
    if (auto patch = read(*row)) list.push_back(std::move(*patch));
  }
  return list;
}

}  // namespace

void read_approval_requested(const EventContext& context, const Members& payload) {
  if (auto patch = read_approval(payload)) {
    context.observe(fleet::ApprovalAsked{std::move(*patch)});
  }
}

void read_approval_resolved(const EventContext& context, const Members& payload) {
  auto id = payload.identity_or_empty("id");
  if (id.empty()) return;
  const auto request = payload.object("request");
  fleet::ApprovalResolved resolved;
  resolved.decision = payload.word("decision");
  resolved.by = value_of(payload.text("resolvedBy", 128)).value_or("");
  resolved.status = status_of(resolved.decision, resolved.by.empty());
  if (resolved.by.empty()) resolved.decision.clear();
  // The agent that waited does so no longer.
  fleet::RunEvent run;
  run.kind = fleet::RunEvent::Kind::kApproved;
  run.approval_id = id;
  if (request) {
    run.session_key = request->identity_or_empty("sessionKey");
    run.agent_id = value_of(request->identity("agentId"));
    run.run_id = request->identity_or_empty("runId");
  }
  resolved.id = std::move(id);
  context.observe(std::move(resolved));
  if (run.agent_id && !run.session_key.empty()) context.observe(std::move(run));
}

void read_question_requested(const EventContext& context, const Members& payload) {
  if (auto patch = read_question(payload)) {
    context.observe(fleet::ApprovalAsked{std::move(*patch)});
  }
}

void read_question_resolved(const EventContext& context, const Members& payload) {
  fleet::ApprovalResolved resolved;
  resolved.id = payload.identity_or_empty("id");
  if (resolved.id.empty()) return;
  const auto status = fleet::parse<fleet::ApprovalStatus>(payload.word("status"));
  resolved.status = status.value_or(ApprovalStatus::kCancelled);
  if (resolved.status == ApprovalStatus::kAnswered) resolved.decision = "answer";
  if (resolved.status == ApprovalStatus::kCancelled) resolved.decision = "cancel";
  context.observe(std::move(resolved));
}

Result<std::vector<ApprovalPatch>> read_approvals(simdjson::dom::element payload,
                                                  Skipped& skipped) {
  simdjson::dom::array rows;
  if (payload.get(rows) != simdjson::SUCCESS) {
    return fail(ErrorCode::kInvalid, "the answer is no list of approvals");
  }
  return read_all(rows, skipped, read_approval);
}

Result<std::vector<ApprovalPatch>> read_questions(simdjson::dom::element payload,
                                                  Skipped& skipped) {
  const auto members = Members::of(payload, skipped);
  const auto rows = members ? members->array("questions") : std::nullopt;
  if (!rows) return fail(ErrorCode::kInvalid, "the answer is no list of questions");
  return read_all(*rows, skipped, read_question);
}

}  // namespace cc::gateway::protocol
