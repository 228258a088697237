#include "api/resources/commands/commands.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "api/resources/commands/to_all.h"
#include "api/resources/fleet/published_rows.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "command/id.h"
#include "command/kinds.h"

namespace cc::api {

using fleet::Command;

/// What was asked for, in order, and who waits how for it.
struct CommandsResource::Order {
  Command row;
  std::optional<Seq> expected;
  const command::Kind* kind = nullptr;
  std::optional<Millis> wait;  // for the end
};

namespace {

using Row = std::shared_ptr<const Command>;
using Done = std::function<void(Response)>;

constexpr std::size_t kMostKey = 128;
constexpr std::int64_t kLongestWait = 30;
constexpr std::size_t kMostSubject = 512;

Response row_response(const Command& row, int status) {
  std::string body;
  JsonWriter out(body);
  fleet::encode<Command>(out, row, true);
  return std::move(
      json_response(std::move(body), status).with("Location", "/api/v1/commands/" + row.id));
}

/// The row as it is, with 200 where it has ended or was known before, else 202.
Response show(const Command& row, bool was_known) {
  return row_response(row, was_known || has_ended(row.status) ? 200 : 202);
}

template <class Kind>
void write_target(JsonWriter& out, const fleet::Fleet& fleet, const Command& command) {
  const auto taken = take_one<Kind>(fleet, command.gateway, command.target.id);
  taken ? encode_taken(out, *taken) : void(out.null());
}

/// What the command acts on, as it is now.
std::string target_row(const fleet::Fleet& fleet, const Command& command) {
  std::string json;
  JsonWriter out(json);
  const auto& member = command.target.member;
  if (member == "approvalId") {
    write_target<fleet::Approval>(out, fleet, command);
  } else if (member == "sessionKey") {
    write_target<fleet::Session>(out, fleet, command);
  } else if (member == "agentId") {
    write_target<fleet::Agent>(out, fleet, command);
  } else if (member == "jobId") {
    write_target<fleet::CronJob>(out, fleet, command);
  } else {
    out.null();
  }
  return json;
}

Response conflict(std::string_view detail, std::string_view row) {
  std::string body;
  JsonWriter(body)
      .begin_object()
      .field("type", "about:blank")
      .field("title", reason_phrase(409))
      .field("status", 409)
      .field("detail", detail)
      .key("row")
      .raw(row)
      .end_object();
  Response response{.status = 409, .headers = {}, .body = std::move(body)};
  return std::move(response.with("Content-Type", "application/problem+json"));
}

std::optional<Response> refuse_by_objection(const fleet::PublishedFleet& published,
                                            const Command& row, std::optional<Seq> expected) {
  return published.read([&](const fleet::Fleet& fleet, const Cursor&) -> std::optional<Response> {
    const auto why = fleet::objection(fleet, row, expected);
    if (!why) return std::nullopt;
    if (why->kind == fleet::Objection::Kind::kMissing) return problem(404, why->detail);
    return conflict(why->detail, target_row(fleet, row));
  });
}

/// Whether the gateway would be asked for it at all.
std::optional<Response> refuse_by_rights(const fleet::Gateway& gateway, const command::Kind& kind) {
  const int protocol = gateway.protocol.value_or(4);
  const auto scope = kind.scope_in(protocol);
  if (scope == command::Scope::kNone) {
    return conflict("A gateway of protocol 3 does not have this.", "null");
  }
  if (!command::asks_for(gateway.access, scope, protocol)) {
    return conflict("The gateway is asked for `" + std::string(text(gateway.access)) +
                        "` only: set CONTROL_CENTER_GATEWAY_ACCESS, or access of this gateway in "
                        "the file, to `" +
                        std::string(text(command::access_for(kind, protocol))) + "`.",
                    "null");
  }
  const bool can = std::ranges::find(gateway.can, kind.name) != gateway.can.end();
  if (gateway.state != fleet::GatewayState::kLive || can) return std::nullopt;
  return conflict("The gateway does not offer this, or did not grant the right " +
                      std::string(text(scope)) + "; its row says what to do.",
                  "null");
}

struct Header {
  bool fault = false;
  std::optional<std::string> value;
};

Header idempotency_key(const Request& request) {
  const auto given = request.all("Idempotency-Key");
  if (given.empty()) return {};
  const auto key = given.front();
  const bool visible = std::ranges::all_of(key, [](char c) { return c > ' ' && c < '\x7f'; });
  const bool good = given.size() == 1 && !key.empty() && key.size() <= kMostKey && visible;
  return {.fault = !good, .value = good ? std::optional<std::string>(key) : std::nullopt};
}

/// `wait=S` among the preferences; others are none of ours.
std::optional<Millis> wait_of(const Request& request) {
  for (const auto header : request.all("Prefer")) {
    const auto at = header.find("wait=");
    if (at == std::string_view::npos) continue;
    std::int64_t seconds = 0;
    const char* begin = header.data() + at + 5;
    const auto read = std::from_chars(begin, header.data() + header.size(), seconds);
    if (read.ec == std::errc() && seconds > 0) {
      return std::chrono::seconds(std::min(seconds, kLongestWait));
    }
  }
  return std::nullopt;
}

std::string via_of(const Request& request) {
  if (request.all("Authorization").empty()) return "page";
  const auto agent = request.only("User-Agent").value_or("");
  return agent.starts_with("control-center/") ? "cli" : "token";
}

/// Waits for the end of a command, or for a time; answers once. On the executor's thread.
class Waiter : public std::enable_shared_from_this<Waiter> {
 public:
  Waiter(const boost::asio::any_io_executor& executor, std::function<void()> answer)
      : timer_(executor), answer_(std::move(answer)) {}

  void start(CommandBook& book, const std::string& id, Millis limit,
             const std::function<bool()>& has_ended) {
    // The book may outlive the thread of the timer.
    book.when_ended(id, [waiter = weak_from_this()] {
      if (const auto self = waiter.lock()) self->over();
    });
    if (has_ended()) return over();
    boost::asio::post(timer_.get_executor(), [self = shared_from_this(), limit] {
      if (self->answer_) self->wait(limit);
    });
  }

 private:
  void over() {
    boost::asio::post(timer_.get_executor(), [self = shared_from_this()] {
      self->timer_.cancel();
      self->finish();
    });
  }
  void wait(Millis limit) {
    timer_.expires_after(limit);
    timer_.async_wait(
        [self = shared_from_this()](const boost::system::error_code&) { self->finish(); });
  }
  void finish() {
    if (auto answer = std::exchange(answer_, {})) answer();
  }

  boost::asio::steady_timer timer_;
  std::function<void()> answer_;
};

Response not_written(const Error& error) {
  return problem(
      503, "The command could not be written down, and nothing was sent: " + error.message + ".");
}

Row find_row(const fleet::PublishedFleet& published, std::string_view id) {
  return published.read([&](const fleet::Fleet& fleet, const Cursor&) -> Row {
    const auto taken = take_command(fleet, id);
    return taken ? taken->row : nullptr;
  });
}

}  // namespace

std::expected<CommandsResource::Order, Response> CommandsResource::read_order(
    const Call& call) const {
  const auto key = idempotency_key(call.request);
  if (key.fault) {
    return std::unexpected(
        problem(400, "The header Idempotency-Key has 1 to 128 visible ASCII characters, once.",
                {{"member", "Idempotency-Key"}}));
  }
  auto intent = command::read_intent(call.request.body);
  if (!intent) {
    return std::unexpected(
        problem(400, intent.error().detail, {{"member", intent.error().member}}));
  }
  Order order{.row = {}, .expected = intent->expected, .kind = intent->kind, .wait = {}};
  Command& row = order.row;
  row.gateway = std::move(intent->gateway);
  row.kind = intent->kind->name;
  row.target = {std::string(command::member_of(intent->target)), std::move(intent->target_id)};
  row.params.json = std::move(intent->params);
  row.letter = std::move(intent->letter);
  row.author = {call.identity->name, std::string(auth::text(call.identity->role)),
                via_of(call.request)};
  if (key.value) {
    row.key_digest = command::sha256(call.identity->name + "\n" + *key.value);
    row.body_digest = std::move(intent->digest);
  }
  order.wait = wait_of(call.request);
  return order;
}

/// The same key has the same id.
void CommandsResource::identify(Order& order) const {
  Command& row = order.row;
  row.id = command::draw_id(parts_.clock.wall());
  if (row.key_digest) row.id = parts_.book.id_for(*row.key_digest, row.id);
}

std::optional<Response> CommandsResource::refuse(const Call& call, const Order& order) const {
  const Command& row = order.row;
  if (order.kind->by == command::By::kAdmin && call.identity->role != auth::Role::kAdmin) {
    return problem(403, "This kind of command needs the role admin.");
  }
  const auto gateway = parts_.published.read(
      [&](const fleet::Fleet& fleet, const Cursor&) -> std::shared_ptr<const fleet::Gateway> {
        const auto* shard = fleet.shard(row.gateway);
        return shard == nullptr ? nullptr : shard->gateway;
      });
  if (!gateway) return problem(404, "There is no such gateway.");
  if (auto refused = refuse_by_rights(*gateway, *order.kind)) return refused;
  if (parts_.book.open_of(row.author.name) >= kMostOpen) {
    return std::move(problem(429, "Too many of your commands are open; wait for some to end.")
                         .with("Retry-After", "1"));
  }
  return refuse_by_objection(parts_.published, row, order.expected);
}

Answer CommandsResource::give(const Call& call) const {
  if (const auto fault = find_parameter_fault(call.query, {})) return problem(*fault);
  auto order = read_order(call);
  if (!order) return order.error();
  if (order->row.gateway.empty()) return give_to_all(call, *order);
  return give_to_one(call, *std::move(order));
}

/// Each gateway's command has a key of its own, which follows from the one that was given.
Answer CommandsResource::give_to_all(const Call& call, const Order& order) const {
  std::vector<std::string> gateways;
  parts_.published.read([&](const fleet::Fleet& fleet, const Cursor&) {
    for (const auto& [name, shard] : fleet.shards()) gateways.push_back(name);
  });
  std::vector<ToOne> each;
  for (auto& gateway : gateways) {
    Order one = order;
    one.row.gateway = gateway;
    if (one.row.key_digest) {
      one.row.key_digest = command::sha256(*order.row.key_digest + "\n" + gateway);
    }
    each.push_back({std::move(gateway), give_to_one(call, std::move(one))});
  }
  return to_all(std::move(each));
}

Answer CommandsResource::give_to_one(const Call& call, Order order) const {
  identify(order);
  const Command& row = order.row;
  if (const auto known = find_row(parts_.published, row.id)) {
    if (known->body_digest == row.body_digest) return show_known(known, order.wait);
    return problem(422, "This Idempotency-Key was used with another body.");
  }
  if (auto refused = refuse(call, order)) {
    if (row.key_digest) parts_.book.forget(*row.key_digest, row.id);
    audit(call, row, auth::AuditResult::kRefused);
    return *std::move(refused);
  }
  audit(call, row, auth::AuditResult::kOk);
  return submit(std::move(order));
}

Answer CommandsResource::show_known(const CommandBook::Row& known,
                                    std::optional<Millis> wait) const {
  if (!wait || has_ended(known->status)) return show(*known, true);
  return Later{[parts = parts_, id = known->id, wait = *wait](Done done) {
    show_the_end(parts, id, wait, true, done);
  }};
}

/// Two requests with one key have one id: the second finds the row of the first.
Later CommandsResource::submit(Order order) const {
  return Later{[parts = parts_, order = std::move(order)](Done done) {
    const Command& row = order.row;
    fleet::Observation seen{row.gateway, fleet::Source::kSystem, parts.clock.wall(),
                            fleet::CommandGiven{row, order.expected}};
    parts.sink.submit(std::move(seen), [parts, order, done](const Result<void>& fate) {
      const Command& asked = order.row;
      if (!fate) return done(not_written(fate.error()));
      const auto held = find_row(parts.published, asked.id);
      if (!held) {
        if (asked.key_digest) parts.book.forget(*asked.key_digest, asked.id);
        auto why = refuse_by_objection(parts.published, asked, order.expected);
        return done(why ? *std::move(why) : problem(503, "The command was not taken; try again."));
      }
      if (held->body_digest != asked.body_digest) {
        return done(problem(422, "This Idempotency-Key was used with another body."));
      }
      if (!order.wait) return done(show(*held, false));
      show_the_end(parts, asked.id, *order.wait, false, done);
    });
  }};
}

/// Once it has ended, or the wait is over.
void CommandsResource::show_the_end(const Parts& parts, const std::string& id, Millis wait,
                                    bool was_known, const std::function<void(Response)>& done) {
  const auto answer = [&published = parts.published, done, id, was_known] {
    const auto now = find_row(published, id);
    done(now ? show(*now, was_known) : problem(404, "The command is gone."));
  };
  std::make_shared<Waiter>(parts.executor, answer)->start(parts.book, id, wait, [&] {
    const auto now = find_row(parts.published, id);
    return !now || has_ended(now->status);
  });
}

Answer CommandsResource::withdraw(const Call& call) const {
  if (const auto fault = find_parameter_fault(call.query, {})) return problem(*fault);
  const auto held = find_row(parts_.published, call.captured[0]);
  if (!held) return problem(404, "There is no such command.");
  return Later{[parts = parts_, held, by = call.identity->name](Done done) {
    fleet::Observation seen{held->gateway, fleet::Source::kSystem, parts.clock.wall(),
                            fleet::CommandWithdrawn{held->id, by}};
    parts.sink.submit(std::move(seen), [parts, id = held->id, done](const Result<void>& fate) {
      if (!fate) return done(not_written(fate.error()));
      const auto now = find_row(parts.published, id);
      done(now ? row_response(*now, 200) : problem(404, "There is no such command."));
    });
  }};
}

/// Without what was said: the parameters of the row have its length and digest.
void CommandsResource::audit(const Call& call, const Command& row, auth::AuditResult result) const {
  std::string subject = row.kind + " " + row.id + " " + row.gateway;
  if (!row.target.id.empty()) subject += " " + row.target.member + "=" + row.target.id;
  if (row.params.json != "{}") subject += " " + row.params.json;
  if (subject.size() > kMostSubject) subject = clean_text(subject, kMostSubject);
  parts_.audit.record(call.request, {.event = auth::AuditEvent::kCommand,
                                     .result = result,
                                     .who = row.author.name,
                                     .subject = std::move(subject)});
}

}  // namespace cc::api
