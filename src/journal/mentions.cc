#include "journal/mentions.h"

#include <algorithm>

#include <simdjson.h>

#include "fleet/mentions.h"

namespace cc::journal {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;

void keep_each_once(std::vector<std::string>& texts) {
  std::ranges::sort(texts);
  const auto repeated = std::ranges::unique(texts);
  texts.erase(repeated.begin(), repeated.end());
}

std::string_view member(element row, std::string_view name) {
  std::string_view text;
  return row[name].get(text) == simdjson::SUCCESS ? text : std::string_view();
}

/// Visits the items of a list of a group; a group that did not change is left out of the body.
template <class Visit>
void each(element body, std::string_view group, std::string_view list, Visit&& visit) {
  array items;
  if (body[group][list].get(items) != simdjson::SUCCESS) return;
  for (const element item : items) visit(item);
}

/// Reads one body into what it mentions.
class BodyWalk {
 public:
  explicit BodyWalk(element body) : body_(body) {}

  Mentions finish() && {
    for (const auto* list : {"upsert", "remove"}) {
      each(body_, "agents", list, [&](element row) { keep(member(row, "id")); });
      each(body_, "sessions", list, [&](element row) { session(row); });
    }
    keep_each_once(mentions_.agents);
    std::uint64_t part = 0;
    if (body_["part"].get(part) == simdjson::SUCCESS) mentions_.part = part;
    return std::move(mentions_);
  }

 private:
  void session(element row) {
    const auto key = member(row, "key");
    mentions_.sessions.emplace_back(key);
    const auto agent = member(row, "agentId");
    keep(agent.empty() ? fleet::agent_in_key(key).value_or("") : agent);
  }
  void keep(std::string_view agent) {
    if (!agent.empty()) mentions_.agents.emplace_back(agent);
  }

  element body_;
  Mentions mentions_;
};

}  // namespace

Result<Mentions> read_mentions(std::string_view body) {
  // One per thread: its buffers are what makes reading a long journal quick.
  thread_local simdjson::dom::parser parser;
  element parsed;
  if (parser.parse(body.data(), body.size()).get(parsed) != simdjson::SUCCESS ||
      !parsed.is_object()) {
    return fail(ErrorCode::kCorrupt, "the body of a journal entry is not a JSON object");
  }
  return BodyWalk(parsed).finish();
}

}  // namespace cc::journal
