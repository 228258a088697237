#include "gateway/commanding/commander.h"

#include <algorithm>
#include <utility>

#include <boost/asio/post.hpp>

#include "base/json_writer.h"
#include "command/kinds.h"
#include "gateway/protocol/fates.h"
#include "gateway/protocol/readings.h"

namespace cc::gateway {

namespace asio = boost::asio;
using fleet::Command;
using fleet::CommandStatus;
using protocol::Answered;

namespace {

constexpr Millis kAgainAfter{1'000};
constexpr Millis kReadLimit{30'000};
constexpr std::size_t kMostReads = 8;
/// What is unknown for longer is asked about no more.
constexpr Millis kWorthAsking = std::chrono::hours(1);
/// The gateway's start is known to the second, by another clock.
constexpr TimeMs kClockDoubt = 5'000;

const command::Kind& kind_of(const Command& row) {
  static constexpr command::Kind kUnknown{.name = "", .help = ""};
  const auto* kind = command::find_kind(row.kind);
  return kind == nullptr ? kUnknown : *kind;
}

bool names_run(const Command& row) {
  return row.params.json.find(R"("runId":)") != std::string::npos;
}

}  // namespace

Commander::Commander(Parts parts, std::string gateway)
    : parts_(std::move(parts)), gateway_(std::move(gateway)), timer_(parts_.executor) {}

template <class Run>
void Commander::on_own_thread(Run run) {
  asio::post(parts_.executor, [owner = parts_.owner(), run = std::move(run)]() mutable { run(); });
}

void Commander::published(Row row) {
  if (stopped_) return;
  queue_.published(row, now(), parts_.clock.wall());
  if (has_ended(row->status)) {
    asked_.erase(row->id);
    repeat_.erase(row->id);
    repeated_.erase(row->id);
    if (row->status == CommandStatus::kUnknown) settle_soon({row});
  } else if (row->status == CommandStatus::kAccepted) {
    asked_.erase(row->id);
  } else {
    ask_soon(row);
  }
  pump();
}

void Commander::opened(std::shared_ptr<Calls> calls, Peer peer) {
  calls_ = std::move(calls);
  peer_ = std::move(peer);
  ask_again();
  if (parts_.fleet != nullptr) {
    settle_soon(parts_.fleet->unknown(gateway_, parts_.clock.wall() - kWorthAsking.count()));
  }
  pump();
}

/// What a gateway knows of a command whose answer was lost, it is asked.
void Commander::settle_soon(std::vector<Row> rows) {
  if (stopped_ || !calls_ || rows.empty()) return;
  parts_.tasks.spawn(settle_all(std::move(rows)));
}

asio::awaitable<void> Commander::settle_all(std::vector<Row> rows) {
  for (const auto& row : rows) co_await settle(row);
}

asio::awaitable<void> Commander::settle(Row row) {
  auto what = protocol::ask_for_fate(*row, peer_.protocol);
  const auto calls = calls_;
  if (!what || !calls || !may_send(*row)) co_return;
  std::optional<protocol::Fate> fate;
  Calls::Decode decode = [&](simdjson::dom::element payload) -> Result<void> {
    fate = protocol::read_fate(*row, payload);
    return {};
  };
  co_await calls->call(std::move(what->method), std::move(what->params), kReadLimit,
                       std::move(decode));
  if (!fate) co_return;
  if (fate->approval) {
    parts_.sink.submit({gateway_, fleet::Source::kWs, parts_.clock.wall(), *fate->approval});
  }
  submit_answer(row->id, std::move(fate->answered));
}

void Commander::ask_again() {
  for (const auto& id : std::exchange(repeat_, {})) {
    const auto row = queue_.find(id);
    if (!row) continue;
    if (!knows_again(*row)) {
      answer(row, {.status = CommandStatus::kUnknown,
                   .detail = "The answer was lost, and the gateway was started anew.",
                   .result = {}});
      continue;
    }
    asked_.erase(id);
    repeated_.insert(id);
    ask_soon(row);
  }
}

/// A key that makes a repetition harmless lives in the memory of the gateway's process.
bool Commander::knows_again(const Command& row) const {
  if (kind_of(row).repeat != command::Repeat::kSameProcess) return true;
  return peer_.gateway_started_at && row.sent_at &&
         *peer_.gateway_started_at + kClockDoubt < *row.sent_at;
}

void Commander::closed() {
  calls_.reset();
}

void Commander::stop() {
  stopped_ = true;
  calls_.reset();
  timer_.cancel();
}

bool Commander::may_send(const Command& row) const {
  return std::ranges::find(peer_.can, row.kind) != peer_.can.end();
}

void Commander::pump() {
  if (stopped_ || !calls_) return;
  const auto may = [this](const Command& row) { return may_send(row); };
  while (const auto next = queue_.take(now(), may)) submit_due(next);
  wake_at(queue_.next_at(now()));
}

void Commander::wake_at(std::optional<SteadyTime> at) {
  if (!at) return;
  timer_.expires_at(*at);
  timer_.async_wait([this, owner = parts_.owner()](const boost::system::error_code& ec) {
    if (!ec) pump();
  });
}

/// The row comes back as `sent` before the acknowledgement, or not at all.
void Commander::submit_due(const Row& row) {
  parts_.sink.submit(
      {gateway_, fleet::Source::kSystem, parts_.clock.wall(), fleet::CommandDue{row->id}},
      [this, owner = parts_.owner(), id = row->id](const Result<void>&) {
        on_own_thread([this, id] { was_due(id); });
      });
}

void Commander::was_due(const std::string& id) {
  const auto row = queue_.find(id);
  if (row && row->status == CommandStatus::kAccepted) {
    queue_.put_back(id, now() + kAgainAfter);
  }
  pump();
}

void Commander::ask_soon(const Row& row) {
  if (stopped_ || !asked_.insert(row->id).second) return;
  parts_.tasks.spawn(ask(row));
}

asio::awaitable<void> Commander::ask(Row row) {
  if (!calls_ || !may_send(*row)) {
    answer(row, {.status = CommandStatus::kAccepted, .detail = {}, .result = {}});
    co_return;
  }
  if (row->kind == "stop") {
    co_await stop_all(std::move(row));
    co_return;
  }
  const auto around = parts_.fleet ? parts_.fleet->around(*row) : protocol::Surroundings();
  auto what = protocol::ask_for(*row, peer_.protocol, around);
  if (what) {
    co_await ask_one(std::move(row), std::move(*what));
  } else {
    answer(row, {.status = CommandStatus::kRefused, .detail = what.error().message, .result = {}});
  }
}

asio::awaitable<void> Commander::ask_one(Row row, protocol::Ask what) {
  const auto calls = calls_;
  Answered answered;
  Calls::Decode decode = [&](simdjson::dom::element payload) -> Result<void> {
    answered = protocol::read_answer(*row, payload);
    return {};
  };
  auto called = co_await calls->call(std::move(what.method), std::move(what.params),
                                     kind_of(*row).answers, std::move(decode));
  if (called) {
    if (calls == calls_) read_what_was_made(*row, answered);
    answer(row, std::move(answered));
  } else if (called.error().kind == CallFailure::Kind::kRefused) {
    answer(row, refused(*row, called.error().error));
  } else {
    lost(row, called.error());
  }
}

/// Whoever made a session goes there at once, and the event that tells of it may come late.
void Commander::read_what_was_made(const Command& row, const Answered& answered) const {
  if (row.kind != "session.create" || !answered.result || !peer_.read_again) return;
  simdjson::dom::parser parser;
  std::string_view key;
  const auto read = parser.parse(answered.result->json)["key"].get(key);
  if (read == simdjson::SUCCESS) peer_.read_again(std::string(key));
}

/// What is gone at the second time may have gone by the first.
Answered Commander::refused(const Command& row, const protocol::WireError& error) const {
  if (repeated_.contains(row.id) && error.detail_reason.ends_with("_NOT_FOUND")) {
    return {.status = CommandStatus::kUnknown,
            .detail = "The answer was lost, and the gateway does not know the approval any more.",
            .result = {}};
  }
  return protocol::read_refusal(error);
}

/// Each session is asked for by itself, and the outcome names those that did not stop.
asio::awaitable<void> Commander::stop_all(Row row) {
  const auto sessions = parts_.fleet ? parts_.fleet->running(*row) : std::vector<std::string>();
  const auto calls = calls_;
  fleet::JsonObject result{.json = {}};
  JsonWriter out(result.json);
  out.begin_object().key("stopped").begin_array();
  std::vector<std::string> failed;
  for (const auto& session : sessions) {
    auto what = protocol::abort_of(session, peer_.protocol);
    Calls::Decode accept = [](simdjson::dom::element) { return Result<void>{}; };
    auto called = co_await calls->call(std::move(what.method), std::move(what.params),
                                       kind_of(*row).answers, std::move(accept));
    called ? void(out.value(session)) : failed.push_back(session);
  }
  out.end_array().key("failed").begin_array();
  for (const auto& session : failed) out.value(session);
  out.end_array().end_object();
  const std::string detail =
      failed.empty() ? "" : std::to_string(failed.size()) + " could not be stopped.";
  answer(row, {.status = failed.empty() ? CommandStatus::kDone : CommandStatus::kUnknown,
               .detail = detail,
               .result = std::move(result)});
}

void Commander::lost(const Row& row, const CallFailure& failure) {
  if (may_repeat(*row) && has_time(*row)) {
    repeat_.insert(row->id);
    if (calls_ && failure.kind != CallFailure::Kind::kClosed) ask_again();
    return;
  }
  answer(row, {.status = CommandStatus::kUnknown,
               .detail = "The answer was lost: " + failure.text + ".",
               .result = {}});
}

bool Commander::may_repeat(const Command& row) const {
  switch (kind_of(row).repeat) {
    case command::Repeat::kAlways: return true;
    case command::Repeat::kWithRun: return names_run(row);
    // Protocol 3 runs a message again whose run was stopped.
    case command::Repeat::kSameProcess: return peer_.protocol >= 4;
    case command::Repeat::kNever: break;
  }
  return false;
}

bool Commander::has_time(const Command& row) const {
  return parts_.clock.wall() < row.created_at + kind_of(row).waits.count();
}

void Commander::answer(const Row& row, Answered answered) {
  if (answered.status == CommandStatus::kAccepted) queue_.put_back(row->id, now() + kAgainAfter);
  submit_answer(row->id, std::move(answered));
}

void Commander::submit_answer(const std::string& id, Answered answered) {
  submit_answer({.id = id,
                 .status = answered.status,
                 .detail = std::move(answered.detail),
                 .result = std::move(answered.result),
                 .overtaken = answered.overtaken});
}

/// What a gateway did must not be forgotten because a disk was full for a moment.
void Commander::submit_answer(fleet::CommandAnswered answered) {
  parts_.sink.submit({gateway_, fleet::Source::kWs, parts_.clock.wall(), answered},
                     [this, owner = parts_.owner(), answered](const Result<void>& fate) {
                       if (fate || fate.error().code == ErrorCode::kCancelled) return;
                       on_own_thread([this, answered] {
                         if (!stopped_) submit_answer(answered);
                       });
                     });
}

void Commander::read(fleet::Reading what, ReadDone done) {
  if (!calls_) return done(fail(ErrorCode::kUnavailable, "The gateway is away."));
  if (reading_ >= kMostReads) {
    return done(fail(ErrorCode::kUnavailable, "The gateway is asked by too many; try again."));
  }
  auto ask = protocol::ask_for(what, peer_.protocol);
  if (!ask) return done(std::unexpected(ask.error()));
  parts_.tasks.spawn(read_now(calls_, std::move(what), std::move(*ask), std::move(done)));
}

asio::awaitable<void> Commander::read_now(std::shared_ptr<Calls> calls, fleet::Reading what,
                                          protocol::Ask ask, ReadDone done) {
  ++reading_;
  Result<std::string> shown = fail(ErrorCode::kUnavailable, "");
  Calls::Decode decode = [&, protocol = peer_.protocol](simdjson::dom::element payload) {
    shown = protocol::shown(what, payload, protocol);
    return shown ? Result<void>() : Result<void>(std::unexpected(shown.error()));
  };
  auto called = co_await calls->call(std::move(ask.method), std::move(ask.params), kReadLimit,
                                     std::move(decode));
  --reading_;
  if (called) {
    done(std::move(shown));
  } else if (called.error().kind == CallFailure::Kind::kRefused) {
    const auto refusal = protocol::read_refusal(called.error().error);
    const bool later = refusal.status == CommandStatus::kAccepted;
    done(fail(later ? ErrorCode::kUnavailable : ErrorCode::kRefused, refusal.detail));
  } else {
    done(fail(ErrorCode::kUnavailable, "The gateway did not answer: " + called.error().text + "."));
  }
}

}  // namespace cc::gateway
