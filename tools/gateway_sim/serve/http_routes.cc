#include "gateway_sim/serve/http_routes.h"

#include <expected>

#include <boost/json.hpp>

#include "gateway_sim/door/params.h"
#include "gateway_sim/json.h"
#include "gateway_sim/serve/rest_answers.h"

namespace cc::sim {
namespace {

HttpReply text(unsigned status, std::string body) {
  return {status, "text/plain; charset=utf-8", std::move(body)};
}

HttpReply page() {
  return {200, "text/html; charset=utf-8",
          "<!doctype html><html><head><title>OpenClaw Control</title></head><body></body></html>"};
}

HttpReply tool_error(unsigned status, std::string_view type, std::string_view message) {
  HttpReply reply{status, "application/json", {}};
  JsonWriter json(reply.body);
  json.begin_object().field("ok", false).key("error").begin_object();
  json.field("type", type).field("message", message).end_object().end_object();
  return reply;
}

bool may(const Gateway& gateway, const HttpAsk& ask) {
  const Options& options = gateway.options();
  if (options.token.empty() && options.password.empty()) return true;
  return (!options.token.empty() && ask.authorization == "Bearer " + options.token) ||
         (!options.password.empty() && ask.authorization == "Bearer " + options.password);
}

HttpReply unauthorized() {
  return {401, "application/json", R"({"error":{"message":"Unauthorized","type":"unauthorized"}})"};
}

HttpReply readiness(Gateway& gateway) {
  HttpReply reply;
  JsonWriter json(reply.body);
  json.begin_object().field("ready", true).raw(R"("failing":[])");
  json.field("uptimeMs", gateway.now() - gateway.facts().started_at);
  json.raw(
      R"("eventLoop":{"degraded":false,"reasons":[],"intervalMs":1000,"delayP99Ms":20,"delayMaxMs":30,)"
      R"("utilization":0.05,"cpuCoreRatio":0.05})");
  json.end_object();
  return reply;
}

HttpReply agents(Gateway& gateway, const HttpAsk& ask) {
  ++gateway.stats().rest_hits;
  if (const auto status = gateway.faults().rest_status.take())
    return text(static_cast<unsigned>(*status), "sorry");
  if (gateway.rest_mode() == RestMode::kOff) return text(404, "Not Found");
  if (gateway.rest_mode() == RestMode::kHtml) return page();
  if (!may(gateway, ask)) return unauthorized();
  return {200, "application/json", rest_agents(gateway.world())};
}

SessionQuery tool_query(const boost::json::object& body, TimeMs now) {
  SessionQuery query;
  query.style.now = now;
  const auto* args = body.if_contains("args");
  if (args == nullptr || !args->is_object()) return query;
  query.limit = maybe_integer(args->get_object(), "limit");
  query.active_minutes = maybe_integer(args->get_object(), "activeMinutes");
  return query;
}

/// The `details` of a tool's result, or the error.
using ToolResult = std::expected<std::string, HttpReply>;

ToolResult list_sessions(Gateway& gateway, const boost::json::object& body) {
  const SessionQuery query = tool_query(body, gateway.now());
  if (gateway.protocol() == Protocol::kV4 && query.limit && *query.limit < 1) {
    return std::unexpected(tool_error(400, "invalid_request", "limit must be a positive integer"));
  }
  return tool_sessions(gateway.world(), query);
}

ToolResult use_tool(Gateway& gateway, const boost::json::object& body) {
  const std::string tool = text_of(body, "tool", text_of(body, "name"));
  if (tool == "sessions_list") return list_sessions(gateway, body);
  if (tool == "agents_list") return tool_agents(gateway.world());
  return std::unexpected(tool_error(404, "not_found", "Tool not available: " + tool));
}

HttpReply tool_reply(const std::string& details) {
  HttpReply reply;
  reply.body = object_with([&](JsonWriter& json) {
    json.field("ok", true).key("result").begin_object().key("content").begin_array();
    json.begin_object().field("type", "text").field("text", details).end_object().end_array();
    json.key("details").raw(details).end_object();
  });
  return reply;
}

HttpReply tools(Gateway& gateway, const HttpAsk& ask) {
  ++gateway.stats().tools_hits;
  if (!gateway.options().tools) return text(404, "Not Found");
  if (ask.method != "POST") return text(405, "Method Not Allowed");
  if (!may(gateway, ask)) return unauthorized();
  boost::system::error_code error;
  const boost::json::value body = boost::json::parse(ask.body, error);
  if (error || !body.is_object())
    return tool_error(400, "invalid_request", "body must be a JSON object");
  const ToolResult result = use_tool(gateway, body.get_object());
  return result ? tool_reply(*result) : result.error();
}

}  // namespace

HttpReply route(Gateway& gateway, const HttpAsk& ask) {
  ++gateway.stats().http_requests;
  const std::string path = ask.target.substr(0, ask.target.find('?'));
  if (path == "/health" || path == "/healthz")
    return {200, "application/json", R"({"ok":true,"status":"live"})"};
  if (path == "/ready" || path == "/readyz") return readiness(gateway);
  if (path == "/api/agents") return agents(gateway, ask);
  if (path == "/tools/invoke") return tools(gateway, ask);
  if (path.starts_with("/api") || path.starts_with("/v1") || ask.method != "GET")
    return text(404, "Not Found");
  return page();
}

}  // namespace cc::sim
