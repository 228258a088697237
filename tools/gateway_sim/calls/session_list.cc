#include "gateway_sim/calls/session_list.h"

#include <algorithm>

namespace cc::sim {
namespace {

constexpr std::int64_t kDefaultLimitV4 = 100;

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

bool matches(const Session& session, const SessionQuery& query) {
  if (!query.agent_id.empty() && session.agent_id != query.agent_id) return false;
  if (!query.label.empty() && session.label != query.label) return false;
  if (query.active_only && session.active_run.empty()) return false;
  if (!query.archived_too && session.archived) return false;
  if (query.active_minutes && session.updated_at < query.style.now - *query.active_minutes * 60'000)
    return false;
  return query.search.empty() || contains(session.key, query.search) ||
         contains(session.title(), query.search);
}

struct Page {
  std::int64_t begin;
  std::int64_t end;
  std::int64_t limit;
};

Page page_of(std::int64_t total, Protocol protocol, const SessionQuery& query) {
  const std::int64_t limit =
      query.limit.value_or(protocol == Protocol::kV4 ? kDefaultLimitV4 : total);
  const std::int64_t begin = protocol == Protocol::kV4 ? std::min(query.offset, total) : 0;
  return {begin, std::min(total, begin + limit), limit};
}

void write_paging(JsonWriter& json, const Page& page, std::int64_t total,
                  const SessionQuery& query) {
  const std::int64_t told = total + query.total_shift;
  json.field("totalCount", told).field("limitApplied", page.limit);
  if (query.offset != 0) json.field("offset", query.offset);
  json.key("nextOffset");
  if (page.end < total) {
    json.value(page.end);
  } else {
    json.null();
  }
  json.field("hasMore", page.end < total).raw(R"("owners":[])");
}

}  // namespace

std::vector<const Session*> select_sessions(const World& world, const SessionQuery& query) {
  std::vector<const Session*> found;
  found.reserve(world.sessions().size());
  for (const auto& session : world.sessions()) {
    if (matches(*session, query)) found.push_back(session.get());
  }
  std::sort(found.begin(), found.end(), [](const Session* left, const Session* right) {
    return left->updated_at != right->updated_at ? left->updated_at > right->updated_at
                                                 : left->key < right->key;
  });
  return found;
}

void write_sessions_list(JsonWriter& json, const World& world, Protocol protocol,
                         const SessionQuery& query) {
  const std::vector<const Session*> found = select_sessions(world, query);
  const auto total = static_cast<std::int64_t>(found.size());
  const Page page = page_of(total, protocol, query);
  json.begin_object()
      .field("ts", query.style.now)
      .field("path", "(multiple)")
      .field("count", page.end - page.begin);
  if (protocol == Protocol::kV4) write_paging(json, page, total, query);
  json.key("defaults");
  write_defaults(json, world.default_agent(), protocol);
  json.key("sessions").begin_array();
  for (std::int64_t i = page.begin; i < page.end; ++i) {
    write_session(json, *found[static_cast<std::size_t>(i)], protocol, query.style);
  }
  json.end_array().end_object();
}

}  // namespace cc::sim
