#include "gateway_sim/bad_frames.h"

#include "gateway_sim/json.h"

namespace cc::sim {
namespace {

constexpr std::string_view kWrongRows =
    R"([{"key":17,"kind":["direct"],"agentId":{},"updatedAt":"yesterday","sessionId":false,"label":12,)"
    R"("status":3,"startedAt":"now","endedAt":[],"inputTokens":"many","outputTokens":{},"totalTokens":true,)"
    R"("contextTokens":"200k","estimatedCostUsd":"free","model":[],"modelProvider":1,"archived":"no",)"
    R"("hasActiveRun":"perhaps","activeRunIds":"k-1","childSessions":5,"parentSessionKey":9},)"
    R"("row",null,[],{"key":"agent:main:wrong-types","updatedAt":1e300,"status":{"a":1},"totalTokens":-1.5}])";

/// `payload` is put in as it is.
Event with_payload(std::string_view name, Audience audience, std::string_view payload) {
  auto body = std::make_shared<std::string>();
  JsonWriter json(*body);
  json.begin_object().field("type", "event").field("event", name).key("payload").raw(payload);
  Event event;
  event.name = name;
  event.audience = audience;
  event.body = std::move(body);
  event.targeted = audience == Audience::kSubscribers;
  return event;
}

}  // namespace

std::string garbage() {
  return "this is not JSON {]";
}

Event oversized(std::size_t bytes) {
  const std::string payload = R"({"runId":"k-huge","stream":"assistant","data":{"text":")" +
                              std::string(bytes, 'x') +
                              R"("},"sessionKey":"agent:main:main","seq":1,"ts":1})";
  return with_payload("agent", Audience::kReaders, payload);
}

Event wrong_types() {
  return with_payload(
      "sessions.changed", Audience::kSubscribers,
      R"({"sessionKey":"agent:main:wrong-types","agentId":12,"reason":["patch"],"ts":"now","session":{)"
      R"("key":"agent:main:wrong-types","kind":{},"agentId":[],"updatedAt":"yesterday","sessionId":4,"label":{},)"
      R"("status":99,"startedAt":[],"endedAt":"soon","runtimeMs":{},"inputTokens":"many","outputTokens":[],)"
      R"("totalTokens":false,"contextTokens":"big","estimatedCostUsd":"free","model":1,"modelProvider":[],)"
      R"("archived":"no","hasActiveRun":"perhaps","activeRunIds":"k-1","childSessions":7,"parentSessionKey":3}})");
}

std::string wrong_list(TimeMs now) {
  return object_with([&](JsonWriter& json) {
    json.field("ts", now).field("path", 7).field("count", "two").field("totalCount", 5);
    json.field("limitApplied", 100).key("nextOffset").null().field("hasMore", false);
    json.key("defaults").value("none").key("sessions").raw(kWrongRows);
  });
}

Event broken_text() {
  return with_payload(
      "sessions.changed", Audience::kSubscribers,
      R"({"sessionKey":"agent:main:broken-text","reason":"patch","ts":1795351096138,"session":{)"
      R"("key":"agent:main:broken-text","kind":"direct","agentId":"main","updatedAt":1795351096138,)"
      R"("sessionId":"nul\u0000inside","label":"lone \ud83e surrogate \udd8a and nul \u0000 and bell \u0007",)"
      R"("displayName":"\ud800","model":"m\u0000","modelProvider":"\udfff"}})");
}

std::string broken_bytes() {
  return "{\"type\":\"event\",\"event\":\"sessions.changed\",\"payload\":{\"sessionKey\":\"agent:"
         "main:\xC3\x28\xFF\"}}";
}

Event doubled_members() {
  return with_payload(
      "sessions.changed", Audience::kSubscribers,
      R"({"sessionKey":"agent:main:first","sessionKey":"agent:main:doubled","reason":"patch","reason":"delete",)"
      R"("reason":"patch","ts":1795351096138,"session":{"key":"agent:main:other","key":"agent:main:doubled",)"
      R"("kind":"direct","agentId":"main","updatedAt":1,"updatedAt":1795351096138,"status":"running",)"
      R"("status":"done","sessionId":"a","sessionId":"b","label":"one","label":"two"}})");
}

Event nested(std::size_t depth) {
  return with_payload("agent", Audience::kReaders,
                      R"({"data":)" + std::string(depth, '[') + std::string(depth, ']') + '}');
}

}  // namespace cc::sim
