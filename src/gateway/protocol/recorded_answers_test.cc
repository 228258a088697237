// The answers that real gateways gave to the calls of a sync.

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/protocol/interpret.h"
#include "gateway/protocol/members.h"
#include "gateway/testing/recordings.h"

namespace cc::gateway::protocol {
namespace {

using testing::IsEmpty;

struct Answers {
  std::vector<fleet::AgentList> agents;
  std::vector<Interpreter::SessionsPage> sessions;
  std::vector<fleet::PresenceList> presence;
  int list_counts = 0;  // the gateways' own `count` over all lists of sessions
};

std::string member_text(simdjson::dom::element object, std::string_view name) {
  std::string_view text;
  return object.at_key(name).get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

/// Reads one answer; the recording's own requests say to what.
void read_answer(const std::string& method, const ResponseFrame& response, Interpreter& interpreter,
                 Answers& out) {
  std::vector<std::string_view> skipped;
  if (method == "agents.list") {
    out.agents.push_back(interpreter.agents_list(response.payload, skipped).value());
  } else if (method == "sessions.list") {
    out.sessions.push_back(interpreter.sessions_list(response.payload, skipped).value());
    out.list_counts += static_cast<int>(response.payload.at_key("count").get_int64().value());
  } else if (method == "system-presence") {
    out.presence.push_back(interpreter.presence(response.payload, skipped).value());
  }
  EXPECT_THAT(skipped, IsEmpty()) << method;
}

Answers answers_in(const std::string& scenario) {
  Answers out;
  std::map<std::string, std::string> methods;
  FrameParser parser;
  Interpreter interpreter({.gateway = "default", .dialect = dialect_of(scenario)});
  for (const auto& line : read_recording(scenario)) {
    if (line.is_close) continue;
    if (!line.incoming) {
      const Parsed request(line.frame);
      methods[line.connection + "/" + member_text(*request, "id")] =
          member_text(*request, "method");
      continue;
    }
    const auto frame = parser.parse(line.frame);
    const auto* response = frame ? std::get_if<ResponseFrame>(&*frame) : nullptr;
    if (response == nullptr || !response->ok) continue;
    const auto& method = methods[line.connection + "/" + std::string(response->id)];
    read_answer(method, *response, interpreter, out);
  }
  return out;
}

TEST(RecordedAnswers, EveryRowOfEveryListIsRead) {
  int lists = 0;
  for (const auto& scenario : recorded_scenarios()) {
    const auto answers = answers_in(scenario);
    int rows = 0;
    for (const auto& page : answers.sessions) rows += static_cast<int>(page.list.sessions.size());
    EXPECT_EQ(rows, answers.list_counts) << scenario;
    lists += static_cast<int>(answers.sessions.size());
  }
  EXPECT_EQ(lists, 37);
}

TEST(RecordedAnswers, TheFirstSyncOfBothProtocols) {
  for (const std::string scenario : {"v3/initial-sync", "v4/initial-sync"}) {
    const auto answers = answers_in(scenario);
    ASSERT_EQ(answers.agents.size(), 1U);
    const auto& list = answers.agents[0];
    EXPECT_EQ(list.default_id, "main");
    ASSERT_EQ(list.agents.size(), 3U);
    EXPECT_EQ(list.agents[1].id, "otto");
    EXPECT_EQ(value_of(list.agents[1].name), "Otto");
    EXPECT_EQ(value_of(list.agents[1].model), "fake/fake-smart");
    EXPECT_EQ(value_of(list.agents[1].workspace), "/home/user/.openclaw/workspace-otto");
    EXPECT_EQ(value_of(list.agents[1].runtime), scenario == "v3/initial-sync" ? "pi" : "auto");
    EXPECT_TRUE(list.agents[1].emoji) << "a list says that there is none";

    ASSERT_EQ(answers.sessions.size(), 1U);
    const auto& watch = answers.sessions[0].list.sessions[0];
    EXPECT_EQ(watch.key, "agent:scout:watch");
    EXPECT_EQ(value_of(watch.title), "Label watch");
    EXPECT_TRUE(watch.complete);
  }
}

TEST(RecordedAnswers, OnlyProtocol4CountsAndPages) {
  const auto v3 = answers_in("v3/big-sessions-list");
  for (const auto& page : v3.sessions) {
    EXPECT_FALSE(page.total);
    EXPECT_FALSE(page.next_offset);
  }
  const auto v4 = answers_in("v4/big-sessions-list");
  ASSERT_FALSE(v4.sessions.empty());
  EXPECT_EQ(v4.sessions[0].list.sessions.size(), 100U);
  EXPECT_EQ(v4.sessions[0].next_offset, 100);
  EXPECT_GT(v4.sessions[0].total, 300);
}

TEST(RecordedAnswers, OfTheSameClientTheOneThatIsOnlineStays) {
  const auto presence = answers_in("v3/initial-sync").presence;
  ASSERT_EQ(presence.size(), 1U);
  int clients = 0;
  for (const auto& entry : presence[0].entries) {
    if (entry.id != "gateway-client/backend") continue;
    EXPECT_TRUE(entry.online);
    EXPECT_EQ(entry.last_seen_at, 1'795'350'907'116);
    ++clients;
  }
  EXPECT_EQ(clients, 1);
}

}  // namespace
}  // namespace cc::gateway::protocol
