// Merge and apply, over random histories: what holds for every one of them.

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

#include "fleet/row_rules.h"
#include "fleet/state/overlay.h"
#include "fleet/testing/history.h"
#include "fleet/testing/json_of.h"
#include "fleet/testing/world.h"

namespace cc::fleet {
namespace {

using namespace testing;

/// All rows as text, in order: what a fresh load would show.
std::string dump(const Overlay& fleet) {
  std::map<std::string, std::string> rows;
  const auto note = [&]<class Row>(Tag<Row>, const Fields<Row>& row) {
    rows[std::string(KindOf<Row>::noun) + " " + std::string(row.identity())] = json_of<Row>(row);
  };
  fleet.each_gateway([&](const Gateway& row) { note(Tag<Gateway>(), row); });
  each_owned_kind([&]<class Row>(Tag<Row> tag) {
    fleet.each<Row>("alpha", [&](const Fields<Row>& row) { note(tag, row); });
  });
  std::string all;
  for (const auto& [id, json] : rows) all += json + "\n";
  return all;
}

Fleet empty_fleet() {
  Fleet fleet;
  fleet.apply(merge(
      fleet,
      {.gateway = "alpha", .source = Source::kSystem, .at = kStart, .what = GatewayConfigured{}}));
  return fleet;
}

class Histories : public ::testing::TestWithParam<unsigned> {};

TEST_P(Histories, ApplyingTwiceIsApplyingOnce) {
  History history(GetParam());
  Fleet once = empty_fleet();
  for (int i = 0; i < 200; ++i) {
    const ChangeSet changes = merge(once, history.next());
    once.apply(changes);
    const std::string before = dump(once);
    once.apply(changes);
    ASSERT_EQ(dump(once), before);
  }
}

TEST_P(Histories, AnOverlayShowsWhatTheFleetWillShow) {
  History history(GetParam());
  Fleet fleet = empty_fleet();
  for (int batch = 0; batch < 20; ++batch) {
    Overlay overlay(fleet);
    for (int i = 0; i < 10; ++i) {
      overlay.apply(std::make_shared<ChangeSet>(merge(overlay, history.next())));
    }
    const std::string shown = dump(overlay);
    for (const auto& changes : overlay.applied()) fleet.apply(*changes);
    ASSERT_EQ(dump(fleet), shown);
  }
}

TEST_P(Histories, TheSameSyncAgainChangesNothing) {
  History history(GetParam());
  Fleet fleet = empty_fleet();
  for (int i = 0; i < 200; ++i) {
    const Observation seen = history.next();
    fleet.apply(merge(fleet, seen));
    if (!std::holds_alternative<FleetSync>(seen.what)) continue;
    ASSERT_FALSE(merge(fleet, seen).journaled());
  }
}

TEST_P(Histories, CountsAreRight) {
  History history(GetParam());
  Fleet fleet = empty_fleet();
  for (int i = 0; i < 300; ++i) {
    fleet.apply(merge(fleet, history.next()));
    std::map<std::string, std::int64_t> sessions;
    fleet.each<Session>("alpha", [&](const SessionView& row) {
      ++sessions[std::string(row.agent_id.value_or(""))];
    });
    fleet.each<Agent>("alpha",
                      [&](const Agent& row) { ASSERT_EQ(row.sessions, sessions[row.id]) << i; });
  }
}

/// Rows of three sessions as protocol 4 sends them, each newer than the one before; the newest of
/// each says how it ended.
std::vector<Observation> rows_as_they_were_sent(std::mt19937& random) {
  constexpr const char* kStatus[] = {"running", "done", "failed", "killed", "timeout"};
  std::vector<Observation> sent;
  for (unsigned i = 0; i < 12; ++i) {
    const std::string key = "agent:a" + std::to_string(i % 3 % 2) + ":s" + std::to_string(i % 3);
    const std::string status = kStatus[random() % 5];
    SessionPatch row = with_status(session_patch(key, kStart + i * 10), status);
    row = with_runs(row, status == "running" ? std::vector{"r" + std::to_string(i)}
                                             : std::vector<std::string>{});
    row.title = kept("title " + std::to_string(i));
    sent.push_back({"alpha", Source::kWs, 0, SessionChanged{.row = row, .reason = "patch"}});
  }
  return sent;
}

/// The latest row of each session: what the gateway would list.
FleetSync list_of(const std::vector<Observation>& sent) {
  std::map<std::string, SessionPatch> latest;
  for (const auto& seen : sent) {
    const auto& row = std::get<SessionChanged>(seen.what).row;
    latest.insert_or_assign(std::string(row.key), row);
  }
  std::vector<SessionPatch> rows;
  for (const auto& [key, row] : latest) rows.push_back(row);
  return sync_of({"a0", "a1"}, rows);
}

/// What they come to, but for what tells when and in which order they were heard.
std::string rows_of(const Fleet& fleet) {
  std::map<std::string, std::string> rows;
  fleet.each<Session>("alpha", [&](SessionView row) {
    row.version = 0;
    row.last_error.reset();  // of a row that was lost, nothing is heard
    row.last_error_at.reset();
    rows[std::string(row.key)] = json_of<Session>(row);
  });
  fleet.each<Agent>("alpha", [&](const Agent& row) {
    rows[row.id] =
        std::to_string(row.active_runs) + " " + std::to_string(row.last_active_at.value_or(0));
  });
  std::string all;
  for (const auto& [id, json] : rows) all += json + "\n";
  return all;
}

Fleet after(const std::vector<Observation>& heard) {
  Fleet fleet = empty_fleet();
  TimeMs at = kStart + 1000;
  fleet.apply(merge(fleet, {"alpha", Source::kWs, at, sync_of({"a0", "a1"}, {})}));
  for (Observation seen : heard) {
    seen.at = ++at;
    fleet.apply(merge(fleet, seen));
  }
  return fleet;
}

TEST_P(Histories, LostDoubledAndReorderedRowsAreSetRightByAList) {
  std::mt19937 random(GetParam());
  const auto sent = rows_as_they_were_sent(random);
  const std::string in_order = rows_of(after(sent));
  for (int i = 0; i < 20; ++i) {
    auto heard = sent;
    std::ranges::copy(sent, std::back_inserter(heard));
    std::shuffle(heard.begin(), heard.end(), random);
    heard.resize(random() % heard.size());
    Fleet fleet = after(heard);
    fleet.apply(merge(fleet, {"alpha", Source::kWs, kStart + 9000, list_of(sent)}));
    ASSERT_EQ(rows_of(fleet), in_order);
  }
}

TEST_P(Histories, WhatSaysNothingNewIsWhatWouldChangeNothing) {
  History history(GetParam());
  Fleet fleet = empty_fleet();
  for (int i = 0; i < 300; ++i) {
    const Observation seen = history.next();
    if (const auto* change = std::get_if<SessionChanged>(&seen.what)) {
      if (const auto held = fleet.find<Session>("alpha", change->row.key)) {
        for (const bool keep_run_state : {false, true}) {
          SessionView row = *held;
          apply(row, change->row, keep_run_state);
          ASSERT_EQ(says_nothing_new(*held, change->row, keep_run_state), !differs(*held, row));
        }
      }
    }
    fleet.apply(merge(fleet, seen));
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, Histories, ::testing::Range(1U, 41U));

}  // namespace
}  // namespace cc::fleet
