// What the journal is for: a fleet of some moment and the entries after it give the fleet of now.

#include <map>

#include <gtest/gtest.h>

#include "fleet/rows/codec.h"
#include "fleet/testing/history.h"
#include "fleet/testing/json_of.h"
#include "journal/decode.h"
#include "journal/encode.h"

namespace cc::journal {
namespace {

using fleet::Fields;
using fleet::Fleet;
using fleet::KindOf;
using fleet::Tag;

template <class Visit>
void each_row(const Fleet& fleet, Visit visit) {
  fleet.each_gateway([&](const fleet::Gateway& row) {
    visit(Tag<fleet::Gateway>(), row);
    fleet::each_owned_kind([&]<class Row>(Tag<Row> tag) {
      fleet.each<Row>(row.name, [&](const Fields<Row>& owned) { visit(tag, owned); });
    });
  });
}

/// Every row as it is stored, by kind, gateway and identity.
using Stored = std::map<std::tuple<fleet::Kind, std::string, std::string>, std::string>;

/// Every row as REST would show it, without what makes no entry.
Stored shown(const Fleet& fleet) {
  Stored rows;
  each_row(fleet, [&]<class Row>(Tag<Row>, Fields<Row> row) {
    const bool speaks = fleet::speaks(fleet.gateway(gateway_of(row))->state);
    if constexpr (requires { row.last_event_at; }) row.last_event_at.reset();
    if constexpr (requires { row.last_seen_at; }) row.last_seen_at.reset();
    if constexpr (requires { row.last_active_at; }) row.last_active_at.reset();
    if constexpr (requires { row.last_progress_at; }) row.last_progress_at.reset();
    rows[{KindOf<Row>::kind, std::string(gateway_of(row)), std::string(row.identity())}] =
        fleet::testing::json_of<Row>(row, speaks);
  });
  return rows;
}

/// The fleet again, by way of its rows as they are stored.
Fleet copy_of(const Fleet& fleet) {
  Fleet copy;
  each_row(fleet, [&]<class Row>(Tag<Row>, const Fields<Row>& row) {
    auto read = fleet::decode<Row>(fleet::testing::json_of<Row>(row));
    ASSERT_TRUE(read) << read.error().message;
    copy.put(*std::move(read));
  });
  copy.restore_order();
  return copy;
}

/// The writer: merges, numbers, keeps its journal.
class Writer {
 public:
  void hear(const fleet::Observation& seen) {
    fleet::ChangeSet changes = merge(fleet_, seen);
    if (changes.journaled()) {
      EncodedChanges encoded = encode(changes, journal_.size() + 1, seen.at);
      for (auto& entry : encoded.entries) journal_.push_back(std::move(entry));
    }
    fleet_.apply(changes);
  }
  [[nodiscard]] const Fleet& fleet() const { return fleet_; }
  [[nodiscard]] const std::vector<Entry>& journal() const { return journal_; }

 private:
  Fleet fleet_;
  std::vector<Entry> journal_;
};

/// A reader that has the fleet of some moment, and the journal from there on.
struct Follower {
  Fleet fleet;
  Seq seq = 0;

  void follow(const std::vector<Entry>& journal) {
    for (; seq < journal.size(); ++seq) {
      const auto changes = decode(journal[seq].body);
      ASSERT_TRUE(changes) << changes.error().message << journal[seq].body;
      EXPECT_EQ(changes->gateway, journal[seq].gateway);
      fleet.apply(*changes);
    }
  }
};

class Folding : public ::testing::TestWithParam<unsigned> {};

TEST_P(Folding, ASnapshotAndTheEntriesAfterItGiveTheFleet) {
  using fleet::testing::kStart;
  fleet::testing::History alpha(GetParam());
  fleet::testing::History beta(GetParam() + 1'000);
  std::mt19937 random(GetParam());
  Writer writer;
  std::vector<Follower> followers(1);  // the first has seen all of it
  for (int step = 0; step < 400; ++step) {
    fleet::Observation seen = random() % 2 == 0 ? alpha.next() : beta.next();
    if (random() % 2 == 0) seen.gateway = "beta";
    if (writer.fleet().gateway(seen.gateway) == nullptr) seen.what = fleet::GatewayConfigured{};
    if (random() % 100 == 0) seen.what = fleet::GatewayForgotten{};
    writer.hear(seen);
    if (random() % 40 == 0) followers.push_back({copy_of(writer.fleet()), writer.journal().size()});
    if (step % 80 != 79) continue;
    for (Follower& follower : followers) {
      follower.follow(writer.journal());
      ASSERT_EQ(shown(follower.fleet), shown(writer.fleet()));
    }
  }
  ASSERT_GT(followers.size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(Seeds, Folding, ::testing::Range(1U, 13U));

TEST(Fold, TakesAChangeThatWasSplit) {
  using namespace fleet::testing;
  Writer writer;
  const auto hear = [&](auto what) {
    writer.hear({.gateway = "alpha", .source = fleet::Source::kWs, .at = kStart, .what = what});
  };
  hear(fleet::GatewayConfigured{});
  std::vector<fleet::SessionPatch> rows;
  for (int i = 0; i < 300; ++i) {
    rows.push_back(session_patch("agent:main:s" + std::to_string(i), kStart));
    rows.back().title = kept(std::string(4'000, 'x'));
  }
  hear(sync_of({"main"}, rows));
  ASSERT_GT(writer.journal().size(), 4U);
  Follower follower;
  follower.follow(writer.journal());
  EXPECT_EQ(shown(follower.fleet), shown(writer.fleet()));
}

}  // namespace
}  // namespace cc::journal
