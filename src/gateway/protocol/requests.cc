#include "gateway/protocol/requests.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "base/json_writer.h"
#include "gateway/protocol/approvals.h"
#include "gateway/protocol/json_object.h"
#include "gateway/protocol/members.h"

namespace cc::gateway::protocol {
namespace {

using fleet::Command;
using fleet::CommandStatus;
using simdjson::dom::element;

constexpr std::size_t kMostResultBytes = 512;  // of one text in a result
constexpr std::size_t kMostResultItems = 100;

struct Method {
  std::string_view kind;
  std::string_view name;
};
constexpr std::array kMethods{
    Method{"approval.decide", "exec.approval.resolve"},
    Method{"question.answer", "question.resolve"},
    Method{"question.cancel", "question.resolve"},
    Method{"session.send", "chat.send"},
    Method{"session.abort", "chat.abort"},
    Method{"stop", "chat.abort"},
    Method{"session.create", "sessions.create"},
    Method{"session.patch", "sessions.patch"},
    Method{"session.reset", "sessions.reset"},
    Method{"session.compact", "sessions.compact"},
    Method{"session.delete", "sessions.delete"},
    Method{"agent.create", "agents.create"},
    Method{"agent.update", "agents.update"},
    Method{"agent.delete", "agents.delete"},
    Method{"cron.run", "cron.run"},
    Method{"cron.create", "cron.add"},
    Method{"cron.update", "cron.update"},
    Method{"cron.delete", "cron.remove"},
    Method{"device.approve", "device.pair.approve"},
    Method{"device.reject", "device.pair.reject"},
    Method{"device.remove", "device.pair.remove"},
};

/// What is kept of the answer to a kind.
struct Kept {
  std::string_view kind;
  std::array<std::string_view, 4> members;
};
constexpr std::array kKept{
    Kept{"session.send", {"runId", "status", "interruptedActiveRun"}},
    Kept{"session.abort", {"aborted", "runIds", "abortedRunId", "status"}},
    Kept{"session.create", {"key", "sessionId"}},
    Kept{"session.delete", {"deleted"}},
    Kept{"session.compact", {"compacted", "reason"}},
    Kept{"agent.create", {"agentId", "workspace"}},
    Kept{"cron.create", {"id"}},
    Kept{"cron.run", {"runId", "ran", "enqueued", "reason"}},
    Kept{"cron.delete", {"removed"}},
    Kept{"question.answer", {"status"}},
};

constexpr std::array<std::string_view, 4> kOvertaken{"APPROVAL_ALREADY_RESOLVED",
                                                     "APPROVAL_NOT_FOUND", "QUESTION_NOT_FOUND",
                                                     "QUESTION_ALREADY_TERMINAL"};

std::unexpected<Error> harmful(std::string why) {
  return fail(ErrorCode::kRefused, std::move(why));
}

/// The parameters that were given, all of them.
class Given {
 public:
  explicit Given(const Command& command)
      : text_(command.letter ? *command.letter : command.params.json) {
    if (parser_.parse(text_.data(), text_.size()).get(params_) != simdjson::SUCCESS) {
      params_ = {};
    }
  }
  [[nodiscard]] const std::string& json() const { return text_; }
  [[nodiscard]] std::optional<element> find(std::string_view name) const {
    element value;
    if (params_.at_key(name).get(value) != simdjson::SUCCESS) return std::nullopt;
    return value;
  }
  [[nodiscard]] std::string text(std::string_view name) const {
    const auto value = find(name);
    std::string_view text;
    return value && value->get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
  }
  /// Those that were given, under their own names.
  void copy(JsonWriter& out, std::initializer_list<std::string_view> names) const {
    for (const auto name : names) {
      if (const auto value = find(name)) out.key(name).raw(simdjson::minify(*value));
    }
  }

 private:
  const std::string text_;
  simdjson::dom::parser parser_;
  simdjson::dom::object params_;
};

/// One command on its way to be asked for.
class Asking {
 public:
  Asking(const Command& command, int protocol, const Surroundings& around)
      : command_(command), is_v3_(protocol < 4), around_(around), given_(command) {}

  Result<Ask> ask() const {
    const auto& kind = command_.kind;
    if (kind.starts_with("session.") && is_of_shared_key(target())) {
      return harmful("Agents of this gateway share this session's key, so it cannot be addressed.");
    }
    if (kind == "approval.decide") return decide();
    if (kind == "question.answer") return with(answer());
    if (kind == "question.cancel") return with(cancel());
    if (kind == "session.send") return with(send());
    if (kind == "session.abort") return abort();
    if (kind == "session.create") return with(create_session());
    if (kind == "session.patch") return patch_session();
    if (kind == "session.compact") return with(named("key"));
    if (kind == "session.reset" || kind == "session.delete") return with(named_generation());
    if (kind == "agent.create") return create_agent();
    if (kind == "agent.update") return update_agent();
    if (kind == "agent.delete") return delete_agent();
    if (kind == "cron.create") return with(create_job());
    if (kind == "cron.update" || kind == "cron.run") return with(job());
    if (kind == "cron.delete") return with(named("id"));
    if (kind == "device.approve" || kind == "device.reject") return with(named("requestId"));
    if (kind == "device.remove") return with(named("deviceId"));
    return harmful("This release does not know how to ask for this.");
  }

 private:
  [[nodiscard]] const std::string& target() const { return command_.target.id; }
  [[nodiscard]] Ask with(std::string params) const {
    return {std::string(method_of(command_.kind, is_v3_ ? 3 : 4)), std::move(params)};
  }
  [[nodiscard]] std::string named(std::string_view member) const {
    return object_with([&](JsonWriter& out) { out.field(member, target()); });
  }

  /// Never `approval.resolve`: what it does not understand, it denies. Always with the whole id:
  /// the beginning of one would do as well, of whichever it is.
  Result<Ask> decide() const {
    Ask ask = with(object_with([&](JsonWriter& out) {
      out.field("id", target()).field("decision", given_.text("decision"));
    }));
    if (is_of_plugin(target())) ask.method = "plugin.approval.resolve";
    return ask;
  }

  /// The letter is {"answers":{…}}, which the wire wants once more within `answers`.
  std::string answer() const {
    return object_with(
        [&](JsonWriter& out) { out.field("id", target()).key("answers").raw(given_.json()); });
  }

  std::string cancel() const {
    return object_with([&](JsonWriter& out) { out.field("id", target()).field("cancel", true); });
  }

  /// The run will have the command's id, which is how it is known again.
  std::string send() const {
    return object_with([&](JsonWriter& out) {
      out.field("sessionKey", target())
          .field("message", given_.text("text"))
          .field("idempotencyKey", command_.id);
    });
  }

  /// A gateway of protocol 4 stops a run of any session, whatever key stands beside it.
  Result<Ask> abort() const {
    const std::string run = given_.text("runId");
    if (!run.empty() && around_.session_of_run && *around_.session_of_run != target()) {
      return harmful("This run belongs to another session.");
    }
    if (run.empty()) return abort_of(target(), is_v3_ ? 3 : 4);
    return with(object_with(
        [&](JsonWriter& out) { out.field("sessionKey", target()).field("runId", run); }));
  }

  std::string create_session() const {
    return object_with([&](JsonWriter& out) {
      given_.copy(out, {"key", "label", "model"});
      if (command_.target.member == "agentId") out.field("agentId", target());
      if (!is_v3_) out.field("idempotencyKey", command_.id);
    });
  }

  Result<Ask> patch_session() const {
    const bool archives = given_.find("archived").has_value();
    if (archives && is_v3_) return harmful("A gateway of protocol 3 cannot archive sessions.");
    if (archives && !around_.session_id)
      return harmful("The session has no generation to archive.");
    return with(object_with([&](JsonWriter& out) {
      out.field("key", target());
      given_.copy(out, {"label", "model", "thinkingLevel", "archived"});
      if (archives) out.field("expectedSessionId", *around_.session_id);
    }));
  }

  std::string named_generation() const {
    return object_with([&](JsonWriter& out) {
      out.field("key", target());
      if (!is_v3_ && around_.session_id) out.field("expectedSessionId", *around_.session_id);
    });
  }

  Result<Ask> create_agent() const {
    const bool has_more = given_.find("model") || given_.find("emoji");
    if (is_v3_ && has_more) {
      return harmful("A gateway of protocol 3 makes an agent by name and workspace alone.");
    }
    if (is_v3_ && !given_.find("workspace")) {
      return harmful("A gateway of protocol 3 needs a workspace to make an agent.");
    }
    return with(object_with(
        [&](JsonWriter& out) { given_.copy(out, {"name", "workspace", "model", "emoji"}); }));
  }

  Result<Ask> update_agent() const {
    return with(object_with([&](JsonWriter& out) {
      out.field("agentId", target());
      given_.copy(out, {"name", "workspace", "model", "emoji"});
    }));
  }

  /// A gateway of protocol 4 does delete its default agent, and deletes files unless it is told not
  /// to.
  Result<Ask> delete_agent() const {
    if (around_.agent_is_default) {
      return harmful("This is the gateway's default agent; make another one the default first.");
    }
    bool files = false;
    if (const auto said = given_.find("deleteFiles")) std::ignore = said->get(files);
    return with(object_with(
        [&](JsonWriter& out) { out.field("agentId", target()).field("deleteFiles", files); }));
  }

  /// Without a delivery, a job without channels ends in an error each time.
  std::string create_job() const {
    return object_with([&](JsonWriter& out) {
      given_.copy(out, {"name", "agentId", "schedule", "payload", "enabled"});
      or_else(out, "sessionTarget", R"("isolated")");
      or_else(out, "wakeMode", R"("now")");
      or_else(out, "delivery", R"({"mode":"none"})");
    });
  }
  void or_else(JsonWriter& out, std::string_view name, std::string_view otherwise) const {
    const auto value = given_.find(name);
    out.key(name).raw(value ? simdjson::minify(*value) : std::string(otherwise));
  }

  std::string job() const {
    return object_with([&](JsonWriter& out) {
      out.field("id", target());
      given_.copy(out, {"patch", "mode"});
    });
  }

  const Command& command_;
  const bool is_v3_;
  const Surroundings& around_;
  const Given given_;
};

void write_text(JsonWriter& out, std::string_view text) {
  out.value(clean_text(text, kMostResultBytes));
}

/// A number, a truth, a text, or a list of texts; anything else is null.
void write_kept(JsonWriter& out, element value) {
  std::string_view text;
  bool truth = false;
  std::int64_t number = 0;
  simdjson::dom::array items;
  if (value.get(text) == simdjson::SUCCESS) return write_text(out, text);
  if (value.get(truth) == simdjson::SUCCESS) return void(out.value(truth));
  if (value.get(number) == simdjson::SUCCESS) return void(out.value(number));
  if (value.get(items) != simdjson::SUCCESS) return void(out.null());
  out.begin_array();
  std::size_t count = 0;
  for (const auto item : items) {
    if (item.get(text) == simdjson::SUCCESS && ++count <= kMostResultItems) write_text(out, text);
  }
  out.end_array();
}

fleet::MaybeObject kept_of(std::string_view kind, const Members& payload) {
  const auto kept = std::ranges::find(kKept, kind, &Kept::kind);
  if (kept == kKept.end()) return std::nullopt;
  fleet::JsonObject result{.json = {}};
  JsonWriter out(result.json);
  out.begin_object();
  for (const auto name : kept->members) {
    const auto value = name.empty() ? std::nullopt : payload.find(name);
    if (!value) continue;
    out.key(name);
    write_kept(out, *value);
  }
  out.end_object();
  return result;
}

std::string words_of(const WireError& error) {
  if (error.message == "unauthorized") {
    return "The gateway lets only who started this run, or an admin, stop it.";
  }
  if (!error.missing_scope.empty()) {
    return "The gateway did not grant the right " + error.missing_scope + ".";
  }
  if (error.message.empty()) return "The gateway refused it (" + error.code + ").";
  return error.message;
}

}  // namespace

std::string_view method_of(std::string_view kind, int protocol) {
  if (protocol < 4 && kind.starts_with("question.")) return {};
  const auto found = std::ranges::find(kMethods, kind, &Method::kind);
  return found == kMethods.end() ? std::string_view() : found->name;
}

Result<Ask> ask_for(const Command& command, int protocol, const Surroundings& around) {
  return Asking(command, protocol, around).ask();
}

Answered read_answer(const Command& command, element payload) {
  Answered answered;
  Skipped skipped;
  const auto members = Members::of(payload, skipped);
  if (!members) return answered;
  answered.result = kept_of(command.kind, *members);
  // Some say no within an answer that says yes.
  if (const auto ok = value_of(members->flag("ok")); ok && !*ok) {
    answered.status = CommandStatus::kRefused;
    answered.detail =
        value_of(members->text("reason", kMostResultBytes)).value_or("The gateway did not do it.");
  } else if (command.kind == "session.abort" && !aborted_any(payload)) {
    answered.detail = "Nothing ran there.";
  } else if (value_of(members->flag("ran")) == false) {
    answered.detail = "The job was not run: " + members->word("reason") + ".";
  }
  return answered;
}

Answered read_refusal(const WireError& error) {
  Answered answered;
  const bool later = error.code == "UNAVAILABLE" && error.retryable;
  answered.status = later ? CommandStatus::kAccepted : CommandStatus::kRefused;
  answered.detail = words_of(error);
  answered.overtaken = std::ranges::find(kOvertaken, error.detail_reason) != kOvertaken.end();
  return answered;
}

/// The run of a job has a session of its own, which only this method of protocol 4 stops.
Ask abort_of(std::string_view session, int protocol) {
  const bool is_job = session.find(":run:") != std::string_view::npos;
  if (protocol >= 4 && is_job) {
    return {"sessions.abort", object_with([&](JsonWriter& out) { out.field("key", session); })};
  }
  return {"chat.abort", object_with([&](JsonWriter& out) { out.field("sessionKey", session); })};
}

bool aborted_any(element payload) {
  Skipped skipped;
  const auto members = Members::of(payload, skipped);
  return members && (members->is_true("aborted") || members->word("status") == "aborted");
}

}  // namespace cc::gateway::protocol
