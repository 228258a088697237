// Telling gateways something, and looking at what was told and asked.
#include <algorithm>
#include <ostream>
#include <vector>

#include <fmt/format.h>
#include <simdjson.h>

#include "app/cli/commands.h"
#include "app/cli/local_data.h"
#include "base/date.h"
#include "base/encoding.h"
#include "base/invisible.h"
#include "base/json_writer.h"
#include "base/random.h"

namespace cc::app {
namespace {

namespace json = simdjson::dom;

constexpr int kWaitSeconds = 30;
constexpr int kRounds = 20;
constexpr std::size_t kShown = 4096;

std::string text_of(json::element row, std::string_view pointer) {
  std::string_view text;
  return row.at_pointer(pointer).get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

/// A line of a list: what is in it is not trusted.
std::string shown(json::element row, std::string_view pointer) {
  return show_invisible(text_of(row, pointer), kShown);
}

/// One answer, parsed. The element lives until the next call.
class Asking {
 public:
  explicit Asking(ApiClient client) : client_(std::move(client)) {}

  Result<json::element> ask(const ApiRequest& request) {
    const auto answer = client_.send(request);
    if (!answer) return std::unexpected(answer.error());
    if (!answer->ok()) return fail(ErrorCode::kRefused, answer->problem());
    json::element root;
    if (parser_.parse(answer->body).get(root) != simdjson::SUCCESS) {
      return fail(ErrorCode::kInvalid, "the server's answer is not understood");
    }
    return root;
  }

 private:
  ApiClient client_;
  json::parser parser_;
};

/// The name of the only gateway that has such a row, or of the only gateway; empty: of all.
Result<std::string> find_gateway(Asking& server, const TellArguments& arguments) {
  const bool is_for_all = arguments.kind == "stop" && arguments.target.empty();
  if (!arguments.gateway.empty() || is_for_all) return arguments.gateway;
  const auto sign = arguments.target.find('=');
  const auto member = arguments.target.substr(0, sign);
  const auto id = sign == std::string::npos ? "" : arguments.target.substr(sign + 1);
  std::string target = "/api/v1/gateways";
  std::string_view name = "/name";
  if (member == "approvalId") target = "/api/v1/approvals?id=" + percent_encoded(id);
  if (member == "sessionKey") target = "/api/v1/sessions?key=" + percent_encoded(id);
  if (member == "agentId") target = "/api/v1/agents?id=" + percent_encoded(id);
  if (member == "jobId") target = "/api/v1/cron?id=" + percent_encoded(id);
  if (target != "/api/v1/gateways") name = "/gateway";
  const auto list = server.ask({.target = target});
  if (!list) return std::unexpected(list.error());
  json::array items;
  if ((*list)["items"].get(items) != simdjson::SUCCESS || items.size() == 0) {
    return fail(ErrorCode::kNotFound, "no gateway has that");
  }
  if (items.size() > 1) {
    return fail(ErrorCode::kInvalid, "several gateways have that; name one with --gateway");
  }
  return text_of(*items.begin(), name);
}

Result<std::string> body_of(const TellArguments& arguments, const std::string& gateway) {
  std::string body;
  JsonWriter out(body);
  out.begin_object().field("kind", arguments.kind);
  if (!gateway.empty()) out.field("gateway", gateway);
  out.key("target").begin_object();
  if (!arguments.target.empty()) {
    const auto sign = arguments.target.find('=');
    if (sign == std::string::npos) return fail(ErrorCode::kInvalid, "--target: use MEMBER=ID");
    out.field(arguments.target.substr(0, sign), arguments.target.substr(sign + 1));
  }
  out.end_object().key("params").begin_object();
  for (const auto& param : arguments.params) {
    const auto sign = param.find('=');
    if (sign == std::string::npos || sign == 0) {
      return fail(ErrorCode::kInvalid, "--param: use NAME=TEXT or NAME:=JSON");
    }
    const bool is_json = param[sign - 1] == ':';
    out.key(param.substr(0, is_json ? sign - 1 : sign));
    is_json ? out.raw(param.substr(sign + 1)) : out.value(param.substr(sign + 1));
  }
  out.end_object().end_object();
  return body;
}

ExitCode code_of(std::string_view status) {
  if (status == "done") return kExitClean;
  return status == "refused" || status == "expired" ? kExitProblem : kExitUnknown;
}

ExitCode tell_outcome(json::element row, const Console& console) {
  const auto status = text_of(row, "/status");
  const auto detail = shown(row, "/detail");
  console.out << fmt::format("{} {}{}{}\n", text_of(row, "/id"), status, detail.empty() ? "" : ": ",
                             detail);
  return code_of(status);
}

/// What was told to the whole fleet has a row for each gateway.
std::vector<json::element> rows_of(json::element answer) {
  json::array items;
  if (answer["items"].get(items) != simdjson::SUCCESS) return {answer};
  return {items.begin(), items.end()};
}

bool is_open(json::element answer) {
  return std::ranges::any_of(rows_of(answer), [](json::element row) {
    const auto status = text_of(row, "/status");
    return status == "accepted" || status == "sent";
  });
}

/// Gateways that take nothing are named, and make it no success.
ExitCode tell_refused(json::element answer, const Console& console) {
  json::array refused;
  if (answer["refused"].get(refused) != simdjson::SUCCESS) return kExitClean;
  for (const auto one : refused) {
    console.out << fmt::format("{} refused: {}\n", shown(one, "/gateway"), shown(one, "/detail"));
  }
  return refused.size() == 0 ? kExitClean : kExitProblem;
}

/// One code for all of them: what is not known weighs most.
ExitCode tell_outcomes(json::element answer, const Console& console) {
  ExitCode worst = tell_refused(answer, console);
  for (const auto row : rows_of(answer)) worst = std::max(worst, tell_outcome(row, console));
  return worst;
}

/// The same key each time: what is asked again is the same command.
ExitCode tell_and_wait(Asking& server, const TellArguments& arguments, const Console& console) {
  const auto gateway = find_gateway(server, arguments);
  if (!gateway) return console.end(kExitProblem, gateway.error().message);
  auto body = body_of(arguments, *gateway);
  if (!body) return console.end(kExitUsage, body.error().message);
  const auto key = arguments.key.empty() ? to_hex(random_bytes<16>()) : arguments.key;
  const ApiRequest request{.method = "POST",
                           .target = "/api/v1/commands",
                           .body = std::move(*body),
                           .idempotency_key = key,
                           .wait_s = kWaitSeconds,
                           .silence = std::chrono::seconds(kWaitSeconds + 15)};
  auto row = server.ask(request);
  for (int round = 1; row && is_open(*row) && round < kRounds; ++round) row = server.ask(request);
  if (!row) return console.end(kExitProblem, row.error().message);
  return tell_outcomes(*row, console);
}

template <class Write>
ExitCode list(const Config& config, const std::string& target, const Console& console,
              Write write) {
  auto client = connect_to_server(config);
  if (!client) return console.end(kExitProblem, client.error().message);
  Asking server(std::move(*client));
  const auto rows = server.ask({.target = target});
  if (!rows) return console.end(kExitProblem, rows.error().message);
  json::array items;
  if ((*rows)["items"].get(items) != simdjson::SUCCESS) return kExitProblem;
  for (const auto row : items) write(row);
  return kExitClean;
}

}  // namespace

ExitCode list_approvals(const Config& config, const Console& console) {
  return list(config, "/api/v1/approvals?status=pending&sort=expiresAt", console,
              [&](json::element row) {
                std::int64_t expires = 0;
                const bool known = row["expiresAt"].get(expires) == simdjson::SUCCESS;
                const auto command = shown(row, "/command");
                console.out << fmt::format("{}  {}  {}  until {}\n    {}\n", shown(row, "/id"),
                                           shown(row, "/gateway"), shown(row, "/agentId"),
                                           known ? utc_minute(expires) : "?",
                                           command.empty() ? shown(row, "/title") : command);
              });
}

ExitCode list_commands(const Config& config, const Console& console) {
  return list(config, "/api/v1/commands?sort=-createdAt&limit=50", console, [&](json::element row) {
    const auto detail = shown(row, "/detail");
    console.out << fmt::format("{}  {:<8}  {}  {}  {}{}{}\n", text_of(row, "/id"),
                               text_of(row, "/status"), shown(row, "/kind"), shown(row, "/gateway"),
                               shown(row, "/author/name"), detail.empty() ? "" : "  ", detail);
  });
}

ExitCode tell(const Config& config, const TellArguments& arguments, const Console& console) {
  auto client = connect_to_server(config);
  if (!client) return console.end(kExitProblem, client.error().message);
  Asking server(std::move(*client));
  return tell_and_wait(server, arguments, console);
}

}  // namespace cc::app
