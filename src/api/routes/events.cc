// The journal, a page at a time: forwards from a cursor or a moment, or backwards.

#include <algorithm>
#include <array>
#include <charconv>

#include "api/query/journal_scan.h"
#include "api/routes/journal.h"
#include "api/routes/table.h"
#include "base/json_writer.h"
#include "stream/start.h"

namespace cc::api::routes {
namespace {

using Direction = JournalScan::Direction;

constexpr std::string_view kFromTheOldest = "0";

Response refused(const stream::Refusal& refusal) {
  const std::string cursor = refusal.cursor.text();
  return problem(410,
                 "The journal cannot be read from that cursor. Load /api/v1/fleet, and go on from "
                 "its cursor.",
                 {{"reason", refusal.reason}, {"cursor", cursor}});
}

// ---- where a page begins

/// What was asked for, understood but not yet held against the journal.
struct Question {
  enum class From { kAfter, kBefore, kSince };
  From from = From::kAfter;
  stream::Start after;           // kAfter
  std::optional<Cursor> before;  // kBefore; empty: everything
  TimeMs since = 0;              // kSince
};

/// Empty where it is not a time.
std::optional<TimeMs> parse_time(std::string_view text) {
  TimeMs time = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), time);
  if (error != std::errc() || end != text.data() + text.size() || time < 0) return std::nullopt;
  return time;
}

std::expected<Question, Response> ask_before(std::string_view text, const Services& services) {
  Question question{.from = Question::From::kBefore, .after = {}, .before = {}};
  if (text.empty()) return question;
  question.before = Cursor::parse(text);
  if (question.before) return question;
  const auto position = services.store.position();
  return std::unexpected(refused({"malformed", Cursor{position.epoch, position.head}}));
}

std::expected<Question, Response> ask_since(std::string_view text) {
  const auto time = parse_time(text);
  if (!time) {
    return std::unexpected(
        parameter_problem("at", "The parameter 'at' is a moment in milliseconds since the epoch."));
  }
  return Question{.from = Question::From::kSince, .after = {}, .before = {}, .since = *time};
}

std::expected<Question, Response> ask(const Parameters& query, const Services& services) {
  const auto after = find_parameter(query, "after");
  const auto before = find_parameter(query, "before");
  const auto at = find_parameter(query, "at");
  if ((after ? 1 : 0) + (before ? 1 : 0) + (at ? 1 : 0) > 1) {
    return std::unexpected(parameter_problem(
        before ? "before" : "at", "A page begins by one of 'after', 'before' and 'at'."));
  }
  if (before) return ask_before(*before, services);
  if (at) return ask_since(*at);
  const auto asked = after.value_or("");
  Question question;
  question.after = stream::start_from(std::nullopt, asked.empty() ? kFromTheOldest : asked);
  return question;
}

/// Everything before a cursor can be told while the cursor itself could still be one.
std::expected<Seq, stream::Refusal> resolve_before(const std::optional<Cursor>& before,
                                                   const store::Position& position) {
  if (!before) return position.head + 1;
  const auto refuse = [&](std::string reason) {
    return std::unexpected(stream::Refusal{std::move(reason), {position.epoch, position.head}});
  };
  if (before->epoch != position.epoch || before->seq > position.head + 1) return refuse("epoch");
  if (before->seq < position.oldest) return refuse("retention");
  return before->seq;
}

/// The number at which the scan begins.
std::expected<Seq, Response> place(const Question& question, Services& services) {
  const auto position = services.store.position();
  if (question.from == Question::From::kSince) {
    const auto reader = journal_of(services);
    if (!reader) return std::unexpected(journal_unreadable(services, reader.error()));
    const auto found = (*reader)->find_since(question.since);
    if (!found) return std::unexpected(journal_unreadable(services, found.error()));
    return *found;
  }
  if (question.from == Question::From::kBefore) {
    const auto before = resolve_before(question.before, position);
    if (!before) return std::unexpected(refused(before.error()));
    return *before;
  }
  const auto after = stream::resolve(question.after, position);
  if (!after) return std::unexpected(refused(after.error()));
  return *after + 1;
}

// ---- the page

/// One request on its way through the journal.
struct Reading {
  Question question;
  JournalScan scan;
  bool has_begun = false;
};

Response page_response(const Reading& reading) {
  const JournalScan& scan = reading.scan;
  const Epoch& epoch = scan.position().epoch;
  const auto [low, high] = scan.looked_at();
  std::string body = R"({"events":[)";
  for (const auto& entry : scan.entries()) {
    if (&entry != &scan.entries().front()) body += ',';
    fleet::append_entry_json(body, entry, epoch.text());
  }
  body.append(R"(],"cursor":")").append(Cursor{epoch, high - 1}.text()).append("\"");
  if (reading.question.from != Question::From::kAfter) {
    const bool has_older = low > scan.position().oldest;
    body.append(R"(,"before":)");
    body.append(has_older ? "\"" + Cursor{epoch, low}.text() + "\"" : "null");
  }
  body += '}';
  return json_response(std::move(body));
}

/// Retention may have moved on since the position was asked for; the first slice tells where it
/// stood.
std::optional<Response> refuse_late(const Reading& reading) {
  const auto& position = reading.scan.position();
  if (reading.question.from == Question::From::kAfter) {
    const auto still = stream::resolve(reading.question.after, position);
    if (!still) return refused(still.error());
  } else if (reading.question.from == Question::From::kBefore) {
    const auto still = resolve_before(reading.question.before, position);
    if (!still) return refused(still.error());
  }
  return std::nullopt;
}

/// Reads a slice; the answer once there is one.
std::optional<Response> advance(Services& services, Reading& reading) {
  const auto reader = journal_of(services);
  if (!reader) return journal_unreadable(services, reader.error());
  const auto state = reading.scan.step(**reader);
  if (!state) return journal_unreadable(services, state.error());
  if (!std::exchange(reading.has_begun, true)) {
    if (auto refusal = refuse_late(reading)) return refusal;
  }
  if (*state == JournalScan::State::kGoesOn) return std::nullopt;
  return page_response(reading);
}

/// Between two slices the thread sees to all else.
void go_on(Services& services, const std::shared_ptr<Reading>& reading,
           std::function<void(Response)> done) {
  if (auto answer = advance(services, *reading)) return done(*std::move(answer));
  services.post([&services, reading, done = std::move(done)]() mutable {
    go_on(services, reading, std::move(done));
  });
}

Response answer(Services& services, const std::shared_ptr<Reading>& reading) {
  if (auto at_once = advance(services, *reading)) return *std::move(at_once);
  LaterBody later{[&services, reading](std::function<void(Response)> done) {
    go_on(services, reading, std::move(done));
  }};
  return {.status = 200, .headers = {}, .body = std::move(later)};
}

std::expected<std::size_t, ParameterFault> limit_of(const Parameters& query) {
  const auto limit = find_parameter(query, "limit");
  return limit ? parse_limit(*limit) : kDefaultLimit;
}

Response page(Services& services, const Call& call) {
  if (auto fault = find_parameter_fault(
          call.query, {"after", "before", "at", "limit", "types", "gateway", "agent", "session"})) {
    return *std::move(fault);
  }
  const auto limit = limit_of(call.query);
  if (!limit) return parameter_problem(limit.error().parameter, limit.error().detail);
  auto filter = EntryFilter::parse(call.query);
  if (!filter) return parameter_problem(filter.error().parameter, filter.error().detail);
  const auto question = ask(call.query, services);
  if (!question) return question.error();
  const auto begin = place(*question, services);
  if (!begin) return begin.error();
  const auto direction =
      question->from == Question::From::kBefore ? Direction::kBackward : Direction::kForward;
  return answer(services, std::make_shared<Reading>(
                              Reading{*question, {direction, *begin, *limit, *std::move(filter)}}));
}

constexpr std::array kRoutes{Route{Method::kGet, "/api/v1/events", kViewer, page}};

}  // namespace

std::span<const Route> events() {
  return kRoutes;
}

}  // namespace cc::api::routes
