#pragma once
// The contract of store.h as tests, for every backend. A backend joins by INSTANTIATE_TEST_SUITE_P
// in its own test, or by one more line in contract_test.cc; this header belongs into one file of a
// test program.

#include <atomic>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "journal/encode.h"
#include "store/store.h"
#include "store/testing/journal_fixtures.h"

namespace cc::store::testing {

/// One database, which can be opened again after its store is gone.
class Backend {
 public:
  virtual ~Backend() = default;
  virtual std::unique_ptr<Store> open() = 0;
  /// Whether an opened database holds what was committed before.
  [[nodiscard]] virtual bool keeps() const = 0;
  /// Opens a copy that `back_up` made; null where the backend makes none.
  virtual std::unique_ptr<Store> open_backup(const std::filesystem::path& file) = 0;
};

struct BackendCase {
  std::string name;
  std::function<std::unique_ptr<Backend>()> make;
};

class StoreContract : public ::testing::TestWithParam<BackendCase> {
 protected:
  StoreContract() : backend_(GetParam().make()), store_(backend_->open()) {}

  void reopen() {
    store_.reset();
    store_ = backend_->open();
  }

  std::unique_ptr<Transaction> begin() {
    auto transaction = store_->begin();
    EXPECT_TRUE(transaction) << transaction.error().message;
    return std::move(*transaction);
  }

  void put(fleet::Kind kind, std::string_view gateway, std::string_view id, std::string_view json) {
    auto transaction = begin();
    ASSERT_TRUE(transaction->put({kind, gateway, id, 1, json}));
    ASSERT_TRUE(transaction->commit());
  }

  void put(const fleet::SessionRow& row) {
    put(fleet::Kind::kSession, row.gateway, row.key, json_of(row));
  }

  std::string title(std::string_view gateway, std::string_view key) {
    const auto fleet = store_->load();
    EXPECT_TRUE(fleet) << fleet.error().message;
    const auto row = fleet->find<fleet::Session>(gateway, key);
    return row ? std::string(row->title.value_or("(null)")) : "(none)";
  }

  ScratchFolder folder_;
  std::unique_ptr<Backend> backend_;
  std::unique_ptr<Store> store_;
};

// --- numbering ---

TEST_P(StoreContract, AnEmptyJournalStandsAtZero) {
  const Position position = store_->position();
  EXPECT_EQ(position.head, 0U);
  EXPECT_EQ(position.oldest, 1U);
  EXPECT_EQ(position.last_at, 0);
  EXPECT_EQ(begin()->next_seq(), 1U);
  EXPECT_TRUE(read_page(*store_, 0).entries.empty());
}

TEST_P(StoreContract, NumbersGoOnWithoutHoles) {
  commit(*store_, 3);
  commit(*store_, 2);
  EXPECT_EQ(numbers(read_page(*store_, 0)), run_of(1, 5));
  EXPECT_EQ(store_->position().head, 5U);
  EXPECT_EQ(begin()->next_seq(), 6U);
}

TEST_P(StoreContract, AnEntryOutOfTurnIsRefused) {
  auto transaction = begin();
  EXPECT_EQ(transaction->append(make_entry(2)).error().code, ErrorCode::kInvalid);
  ASSERT_TRUE(transaction->append(make_entry(1)));
  EXPECT_EQ(transaction->append(make_entry(1)).error().code, ErrorCode::kInvalid);
  ASSERT_TRUE(transaction->commit());
  EXPECT_EQ(numbers(read_page(*store_, 0)), run_of(1, 1));
}

// Readers put `seq` and `epoch` in front of the body's first member.
TEST_P(StoreContract, AnEntryWithoutAnObjectIsRefused) {
  for (const char* body : {"", "[]", " {}"}) {
    auto entry = make_entry(1);
    entry.body = body;
    EXPECT_EQ(begin()->append(entry).error().code, ErrorCode::kInvalid) << body;
  }
}

TEST_P(StoreContract, EntriesComeBackAsTheyWere) {
  const std::vector<journal::Entry> written{
      {1, 1000, "default", fleet::EventKind::kFleetUpdate, R"({"a":"\u0000 ä 日本 \"q\""})"},
      {2, 1000, "paris.2", fleet::EventKind::kGatewayUpdate, "{}"},
      {3, 1001, "x", fleet::EventKind::kPresenceUpdate, body_of(3, journal::kMaxEntryBytes)}};
  auto transaction = begin();
  for (const auto& entry : written) ASSERT_TRUE(transaction->append(entry));
  ASSERT_TRUE(transaction->commit());

  const auto page = read_page(*store_, 0);
  ASSERT_EQ(page.entries.size(), written.size());
  for (std::size_t i = 0; i < written.size(); ++i) {
    EXPECT_EQ(page.entries[i].seq, written[i].seq);
    EXPECT_EQ(page.entries[i].at, written[i].at);
    EXPECT_EQ(page.entries[i].gateway, written[i].gateway);
    EXPECT_EQ(page.entries[i].event, written[i].event);
    EXPECT_EQ(page.entries[i].body, written[i].body);
  }
}

// --- transactions ---

TEST_P(StoreContract, ADroppedTransactionLeavesNothing) {
  commit(*store_, 1);
  put(make_session("default", "a", "before"));
  {
    auto transaction = begin();
    ASSERT_TRUE(transaction->append(make_entry(2)));
    const std::string json = json_of(make_session("default", "a", "after"));
    ASSERT_TRUE(transaction->put({fleet::Kind::kSession, "default", "a", 2, json}));
  }
  EXPECT_EQ(store_->position().head, 1U);
  EXPECT_EQ(numbers(read_page(*store_, 0)), run_of(1, 1));
  EXPECT_EQ(title("default", "a"), "before");
  EXPECT_EQ(begin()->next_seq(), 2U);
}

TEST_P(StoreContract, NothingIsSeenBeforeTheCommit) {
  auto transaction = begin();
  ASSERT_TRUE(transaction->append(make_entry(1)));
  EXPECT_TRUE(read_page(*store_, 0).entries.empty());
  EXPECT_EQ(store_->position().head, 0U);
  ASSERT_TRUE(transaction->commit());
  EXPECT_EQ(read_page(*store_, 0).entries.size(), 1U);
}

TEST_P(StoreContract, OneTransactionAtATime) {
  auto first = begin();
  EXPECT_EQ(store_->begin().error().code, ErrorCode::kInvalid);
  ASSERT_TRUE(first->append(make_entry(1)));
  ASSERT_TRUE(first->commit());
  EXPECT_EQ(first->commit().error().code, ErrorCode::kInvalid);
  auto second = begin();
  first.reset();  // a transaction that is over has no say in the next
  EXPECT_EQ(store_->begin().error().code, ErrorCode::kInvalid);
  ASSERT_TRUE(second->append(make_entry(2)));
  ASSERT_TRUE(second->commit());
  EXPECT_EQ(store_->position().head, 2U);
}

TEST_P(StoreContract, ATransactionWithoutEntriesMovesNothing) {
  commit(*store_, 2);
  put(make_session("default", "a", "here"));
  EXPECT_EQ(store_->position().head, 2U);
  EXPECT_EQ(store_->position().last_at, 20);
  EXPECT_EQ(title("default", "a"), "here");
}

// --- pages ---

TEST_P(StoreContract, APageEndsAtItsLimits) {
  commit(*store_, 10, 100);
  EXPECT_EQ(numbers(read_page(*store_, 3, 4)), run_of(4, 7));
  EXPECT_EQ(numbers(read_page(*store_, 8, 4)), run_of(9, 10));
  EXPECT_TRUE(read_page(*store_, 0, 0).entries.empty());
  // The entry that passes the limit is the last.
  EXPECT_EQ(numbers(read_page(*store_, 0, kNoLimit, 250)), run_of(1, 3));
  EXPECT_EQ(numbers(read_page(*store_, 0, kNoLimit, 0)), run_of(1, 1));
}

TEST_P(StoreContract, NothingStandsAfterTheHead) {
  commit(*store_, 2);
  for (const Seq after : {Seq{2}, Seq{3}, Seq{1} << 40U, ~Seq{0}}) {
    const auto page = read_page(*store_, after);
    EXPECT_TRUE(page.entries.empty()) << after;
    EXPECT_EQ(page.position.head, 2U);
  }
}

TEST_P(StoreContract, APageKnowsWhereTheJournalStood) {
  auto reader = store_->open_reader();
  ASSERT_TRUE(reader);
  commit(*store_, 5);
  const auto page = (*reader)->read_after(2, 1, kNoLimit);
  ASSERT_TRUE(page);
  EXPECT_EQ(page->position.epoch, store_->position().epoch);
  EXPECT_EQ(page->position.head, 5U);
  EXPECT_EQ(page->position.oldest, 1U);
  EXPECT_EQ(page->position.last_at, 50);
  commit(*store_, 1);
  EXPECT_EQ((*reader)->read_after(2, 1, kNoLimit)->position.head, 6U);
}

TEST_P(StoreContract, APageBackwardsEndsAtItsLimits) {
  commit(*store_, 10, 100);
  EXPECT_EQ(numbers(read_page_before(*store_, 8, 4)), run_of(4, 7));
  EXPECT_EQ(numbers(read_page_before(*store_, 3, 4)), run_of(1, 2));
  EXPECT_EQ(numbers(read_page_before(*store_, 11)), run_of(1, 10));
  EXPECT_TRUE(read_page_before(*store_, 11, 0).entries.empty());
  // The entry that passes the limit is the first.
  EXPECT_EQ(numbers(read_page_before(*store_, 11, kNoLimit, 250)), run_of(8, 10));
  EXPECT_EQ(numbers(read_page_before(*store_, 11, kNoLimit, 0)), run_of(10, 10));
}

TEST_P(StoreContract, NothingStandsBeforeTheOldest) {
  EXPECT_TRUE(read_page_before(*store_, 1).entries.empty());
  commit(*store_, 5);
  EXPECT_TRUE(read_page_before(*store_, 0).entries.empty());
  EXPECT_TRUE(read_page_before(*store_, 1).entries.empty());
  EXPECT_EQ(numbers(read_page_before(*store_, ~Seq{0})), run_of(1, 5));
  ASSERT_EQ(store_->trim({.keep_since = 30}, 100), 2U);
  const auto page = read_page_before(*store_, 5);
  EXPECT_EQ(numbers(page), run_of(3, 4));
  EXPECT_EQ(page.position.oldest, 3U);
  EXPECT_EQ(page.position.head, 5U);
}

TEST_P(StoreContract, FindsTheFirstEntryOfAMoment) {
  EXPECT_EQ(find_since(*store_, 0), 1U);
  auto transaction = begin();
  const TimeMs times[] = {10, 20, 20, 20, 30};
  for (Seq seq = 1; const TimeMs at : times) {
    auto entry = make_entry(seq++);
    entry.at = at;
    ASSERT_TRUE(transaction->append(entry));
  }
  ASSERT_TRUE(transaction->commit());
  EXPECT_EQ(find_since(*store_, -5), 1U);
  EXPECT_EQ(find_since(*store_, 10), 1U);
  EXPECT_EQ(find_since(*store_, 11), 2U);
  EXPECT_EQ(find_since(*store_, 20), 2U);
  EXPECT_EQ(find_since(*store_, 21), 5U);
  EXPECT_EQ(find_since(*store_, 31), 6U);
  ASSERT_EQ(store_->trim({.keep_since = 30}, 100), 4U);
  EXPECT_EQ(find_since(*store_, 0), 5U);
  ASSERT_EQ(store_->trim({.keep_since = 100}, 100), 1U);
  EXPECT_EQ(find_since(*store_, 0), 6U);
}

TEST_P(StoreContract, AReaderBesideTheWriterSeesWholeTransactionsInOrder) {
  constexpr Seq kTransactions = 150;
  constexpr Seq kEntries = 7;
  std::atomic<bool> sound = true;
  std::thread reading([&] {
    auto reader = store_->open_reader();
    Seq seen = 0;
    while (reader && sound && seen < kTransactions * kEntries) {
      const auto page = (*reader)->read_after(seen, 3, kNoLimit);
      sound = page && page->position.head % kEntries == 0 && page->position.head >= seen;
      for (std::size_t i = 0; sound && i < page->entries.size(); ++i) {
        sound = page->entries[i].seq == ++seen && page->entries[i].body == body_of(seen) &&
                seen <= page->position.head;
      }
      const Position published = store_->position();
      sound = sound && published.head % kEntries == 0 &&
              published.last_at == static_cast<TimeMs>(published.head * 10);
    }
    sound = sound && seen == kTransactions * kEntries;
  });
  for (Seq i = 0; i < kTransactions; ++i) commit(*store_, kEntries);
  reading.join();
  EXPECT_TRUE(sound);
}

// --- retention ---

TEST_P(StoreContract, TrimRemovesWhatIsOlder) {
  commit(*store_, 10);
  EXPECT_EQ(store_->trim({.keep_since = 50}, 100), 4U);  // the one of that very moment is kept
  EXPECT_EQ(store_->position().oldest, 5U);
  EXPECT_EQ(numbers(read_page(*store_, 0)), run_of(5, 10));
  EXPECT_EQ(read_page(*store_, 0).position.oldest, 5U);
  EXPECT_EQ(store_->trim({.keep_since = 50}, 100), 0U);
}

TEST_P(StoreContract, TrimRemovesTheOldestUntilBodiesAreWithinTheBound) {
  commit(*store_, 10, 100);
  EXPECT_EQ(store_->trim({.keep_bytes = 1000}, 100), 0U);
  EXPECT_EQ(store_->trim({.keep_bytes = 999}, 100), 1U);
  EXPECT_EQ(store_->trim({.keep_bytes = 450}, 100), 5U);
  EXPECT_EQ(store_->position().oldest, 7U);
  commit(*store_, 1, 100);
  EXPECT_EQ(store_->trim({.keep_bytes = 450}, 100), 1U);
  EXPECT_EQ(numbers(read_page(*store_, 0)), run_of(8, 11));
}

TEST_P(StoreContract, TrimGoesInChunks) {
  commit(*store_, 10);
  const Retention all{.keep_since = 1'000'000};
  EXPECT_EQ(store_->trim(all, 4), 4U);
  EXPECT_EQ(store_->position().oldest, 5U);
  EXPECT_EQ(store_->trim(all, 0), 0U);
  EXPECT_EQ(store_->trim(all, 4), 4U);
  EXPECT_EQ(store_->trim(all, 4), 2U);
  EXPECT_EQ(store_->trim(all, 4), 0U);
}

TEST_P(StoreContract, AnEmptiedJournalRemembersItsHead) {
  commit(*store_, 5);
  EXPECT_EQ(store_->trim({.keep_since = 1'000'000}, 100), 5U);
  for (int round = 0; round < 2; ++round) {
    const Position position = store_->position();
    EXPECT_EQ(position.head, 5U);
    EXPECT_EQ(position.oldest, 6U);
    EXPECT_EQ(position.last_at, 50);
    const Position read = read_page(*store_, 0).position;
    EXPECT_EQ(read.head, 5U);
    EXPECT_EQ(read.oldest, 6U);
    EXPECT_EQ(read.last_at, 50);
    if (backend_->keeps()) reopen();
  }
  commit(*store_, 1);
  EXPECT_EQ(numbers(read_page(*store_, 0)), run_of(6, 6));
  EXPECT_EQ(store_->position().oldest, 6U);
}

TEST_P(StoreContract, TheNotedAgeIsKept) {
  EXPECT_EQ(store_->noted_age(), 0);
  ASSERT_TRUE(store_->note_age(7));
  ASSERT_TRUE(store_->note_age(8));
  if (backend_->keeps()) reopen();
  EXPECT_EQ(store_->noted_age(), 8);
}

TEST_P(StoreContract, TrimLeavesTheState) {
  put(make_session("default", "a", "stays"));
  commit(*store_, 3);
  ASSERT_EQ(store_->trim({.keep_since = 1'000'000}, 100), 3U);
  EXPECT_EQ(title("default", "a"), "stays");
}

TEST_P(StoreContract, TrimWaitsForTheTransaction) {
  commit(*store_, 3);
  auto transaction = begin();
  ASSERT_TRUE(transaction->append(make_entry(4)));
  if (const auto trimmed = store_->trim({.keep_since = 1'000'000}, 100); !trimmed) {
    EXPECT_EQ(trimmed.error().code, ErrorCode::kInvalid);
  }
  ASSERT_TRUE(transaction->commit());
  EXPECT_EQ(store_->position().head, 4U);
}

// --- state ---

TEST_P(StoreContract, RowsAreWrittenOverwrittenAndRemoved) {
  EXPECT_EQ(title("default", "a"), "(none)");
  put(make_session("default", "a", "one"));
  put(make_session("default", "b", "two"));
  put(make_session("other", "a", "three"));
  put(make_session("default", "a", "four"));
  EXPECT_EQ(title("default", "a"), "four");
  EXPECT_EQ(title("default", "b"), "two");
  EXPECT_EQ(title("other", "a"), "three");
  put(fleet::Kind::kSession, "default", "a", "");
  EXPECT_EQ(title("default", "a"), "(none)");
  EXPECT_EQ(title("other", "a"), "three");
  put(fleet::Kind::kSession, "default", "a", "");  // removing twice is removing once
}

TEST_P(StoreContract, TheLastWriteOfATransactionCounts) {
  const std::string one = json_of(make_session("default", "a", "one"));
  const std::string two = json_of(make_session("default", "a", "two"));
  auto transaction = begin();
  ASSERT_TRUE(transaction->put({fleet::Kind::kSession, "default", "a", 1, one}));
  ASSERT_TRUE(transaction->put({fleet::Kind::kSession, "default", "a", 2, {}}));
  ASSERT_TRUE(transaction->put({fleet::Kind::kSession, "default", "a", 3, two}));
  ASSERT_TRUE(transaction->commit());
  EXPECT_EQ(title("default", "a"), "two");
}

TEST_P(StoreContract, ARemovedGatewayTakesItsRowsWithIt) {
  fleet::Gateway gateway;
  gateway.name = "paris";
  put(fleet::Kind::kGateway, "paris", "paris", json_of(gateway));
  put(make_session("paris", "a", "goes"));
  put(make_session("parisian", "a", "stays"));
  ASSERT_NE(store_->load()->gateway("paris"), nullptr);
  put(fleet::Kind::kGateway, "paris", "paris", "");
  EXPECT_EQ(store_->load()->gateway("paris"), nullptr);
  EXPECT_EQ(title("paris", "a"), "(none)");
  EXPECT_EQ(title("parisian", "a"), "stays");
}

TEST_P(StoreContract, WhatWasSealedIsLoadedAsTheSameRows) {
  fleet::ChangeSet changes;
  changes.gateway = "paris";
  changes.gateway_speaks = true;
  const auto gateway = std::make_shared<fleet::Gateway>(fleet::Gateway{.name = "paris"});
  const auto agent = std::make_shared<fleet::Agent>(
      fleet::Agent{.gateway = "paris", .id = "otto", .name = "Otto \"ß\""});
  const auto session = fleet::PackedSession::make(make_session("paris", "a:b", "tîtle"));
  const auto presence = std::make_shared<fleet::Presence>(
      fleet::Presence{.gateway = "paris", .id = "mac", .roles = {"node"}, .online = true});
  const auto command = std::make_shared<fleet::Command>();
  command->id = "00abc";
  command->gateway = "paris";
  command->kind = "session.send";
  command->target = {"sessionKey", "a:b"};
  command->params.json = R"({"text":{"length":1,"sha256":"ab"}})";
  command->author = {"anna", "operator", "cli"};
  command->key_digest = "k";
  command->letter = std::make_shared<const std::string>(R"({"text":"canary"})");
  const auto approval = std::make_shared<fleet::Approval>(
      fleet::Approval{.gateway = "paris", .id = "ap", .command = "echo a\nb\x1b"});
  approval->questions.emplace().json = R"([{"id":"q"}])";
  const auto job = std::make_shared<fleet::CronJob>(fleet::CronJob{.gateway = "paris", .id = "j"});
  job->schedule.json = R"({"kind":"every","everyMs":1})";
  changes.commands.upsert = {command};
  changes.approvals.upsert = {approval};
  changes.cron.upsert = {job};
  changes.gateways.upsert = {gateway};
  changes.agents.upsert = {agent};
  changes.sessions.upsert = {session};
  changes.presence.upsert = {presence};

  auto transaction = begin();
  const journal::EncodedChanges encoded = journal::encode(changes, transaction->next_seq(), 1000);
  for (const auto& entry : encoded.entries) {
    EXPECT_THAT(entry.body, ::testing::Not(::testing::HasSubstr("canary")));
    ASSERT_TRUE(transaction->append(entry));
  }
  for (const auto& row : encoded.rows) ASSERT_TRUE(transaction->put(row));
  ASSERT_TRUE(transaction->commit());

  const auto loaded = store_->load();
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_FALSE(fleet::differs(*loaded->gateway("paris"), *gateway));
  EXPECT_FALSE(fleet::differs(*loaded->find<fleet::Agent>("paris", "otto"), *agent));
  EXPECT_FALSE(fleet::differs(*loaded->find<fleet::Session>("paris", "a:b"), session->view()));
  EXPECT_FALSE(fleet::differs(*loaded->find<fleet::Presence>("paris", "mac"), *presence));
  EXPECT_FALSE(fleet::differs(*loaded->find<fleet::Command>("paris", "00abc"), *command));
  EXPECT_FALSE(fleet::differs(*loaded->find<fleet::Approval>("paris", "ap"), *approval));
  EXPECT_FALSE(fleet::differs(*loaded->find<fleet::CronJob>("paris", "j"), *job));
  // What a person said is not kept.
  EXPECT_EQ(loaded->find<fleet::Command>("paris", "00abc")->letter, nullptr);
  EXPECT_EQ(loaded->find<fleet::Session>("paris", "a:b")->version, 1U);
}

TEST_P(StoreContract, LoadingNamesTheRowThatCannotBeRead) {
  put(make_session("default", "good", "good"));
  put(fleet::Kind::kSession, "default", "bad one", R"({"gateway":"default"})");
  const auto damaged = store_->load();
  ASSERT_FALSE(damaged);
  EXPECT_EQ(damaged.error().code, ErrorCode::kCorrupt);
  EXPECT_THAT(damaged.error().message, ::testing::HasSubstr("bad one"));
}

TEST_P(StoreContract, ARowUnderAnotherRowsKeyIsDamage) {
  put(fleet::Kind::kSession, "default", "b", json_of(make_session("default", "a", "a")));
  EXPECT_EQ(store_->load().error().code, ErrorCode::kCorrupt);
}

// --- staying and going ---

TEST_P(StoreContract, OpeningAgainFindsEverything) {
  if (!backend_->keeps()) GTEST_SKIP() << "keeps nothing";
  put(make_session("default", "a", "kept"));
  commit(*store_, 6);
  ASSERT_EQ(store_->trim({.keep_since = 21}, 100), 2U);
  const Position before = store_->position();
  for (const bool cleanly : {false, true}) {
    if (cleanly) {
      ASSERT_TRUE(store_->close_cleanly());
    }
    reopen();
    EXPECT_EQ(store_->position().epoch, before.epoch);
    EXPECT_EQ(store_->position().head, 6U);
    EXPECT_EQ(store_->position().oldest, 3U);
    EXPECT_EQ(store_->position().last_at, 60);
    EXPECT_EQ(numbers(read_page(*store_, 0)), run_of(3, 6));
    EXPECT_EQ(title("default", "a"), "kept");
  }
  commit(*store_, 1);
  EXPECT_EQ(store_->position().head, 7U);
}

TEST_P(StoreContract, ABackupIsWholeAndOfAnotherEpoch) {
  put(make_session("default", "a", "copied"));
  commit(*store_, 4);
  const auto file = folder_ / "copy.db";
  const auto made = store_->back_up(file, {});
  if (!backend_->keeps() && !made) {
    EXPECT_EQ(made.error().code, ErrorCode::kInvalid);
    return;
  }
  ASSERT_TRUE(made) << made.error().message;
  const Position before = store_->position();
  commit(*store_, 1);

  store_ = backend_->open_backup(file);
  ASSERT_NE(store_, nullptr);
  EXPECT_NE(store_->position().epoch, before.epoch);
  EXPECT_EQ(store_->position().head, 4U);
  EXPECT_EQ(store_->position().oldest, 5U);  // what is there belongs to the old epoch
  EXPECT_EQ(title("default", "a"), "copied");
  EXPECT_TRUE(read_page(*store_, 0).entries.empty());
  EXPECT_TRUE(read_page_before(*store_, 5).entries.empty());
  EXPECT_EQ(find_since(*store_, 0), 5U);
  commit(*store_, 2);
  EXPECT_EQ(numbers(read_page(*store_, 0)), run_of(5, 6));
  EXPECT_EQ(numbers(read_page_before(*store_, 7)), run_of(5, 6));
  EXPECT_EQ(numbers(read_page(*store_, 2)), run_of(5, 6));
}

TEST_P(StoreContract, ABackupOverwritesNothing) {
  commit(*store_, 1);
  const auto file = folder_ / "copy.db";
  if (!store_->back_up(file, {})) GTEST_SKIP() << "makes no backups";
  const auto size = std::filesystem::file_size(file);
  commit(*store_, 100);
  EXPECT_EQ(store_->back_up(file, {}).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(std::filesystem::file_size(file), size);
}

/// What the journal must be after any sequence of steps, in the plainest form.
struct Model {
  Seq head = 0;
  Seq oldest = 1;
};

TEST_P(StoreContract, AnySequenceOfStepsLeavesWhatTheModelSays) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const auto pick = [&](unsigned limit) { return static_cast<unsigned>(random() % limit); };
  Model model;
  for (int step = 0; step < 200; ++step) {
    switch (pick(6)) {
      case 0:
      case 1: {
        const unsigned entries = pick(9);
        commit(*store_, entries, 50);
        model.head += entries;
        break;
      }
      case 2: {
        auto dropped = begin();
        ASSERT_TRUE(dropped->append(make_entry(model.head + 1)));
        break;
      }
      case 3: {
        const Seq through = model.oldest - 1 + pick(6);
        const auto limit = pick(5);
        const auto trimmed =
            store_->trim({.keep_since = static_cast<TimeMs>(through * 10 + 1)}, limit);
        ASSERT_TRUE(trimmed);
        const Seq wanted =
            std::min({through + 1 - model.oldest, model.head + 1 - model.oldest, Seq{limit}});
        ASSERT_EQ(*trimmed, wanted);
        model.oldest += wanted;
        break;
      }
      case 4: ASSERT_TRUE(store_->maintain()); break;
      default:
        if (backend_->keeps() && pick(4) == 0) reopen();
    }
    const auto page = read_page(*store_, 0);
    ASSERT_EQ(numbers(page), run_of(model.oldest, model.head));
    ASSERT_EQ(numbers(read_page_before(*store_, model.head + 1)), run_of(model.oldest, model.head));
    ASSERT_EQ(page.position.head, model.head);
    ASSERT_EQ(page.position.oldest, model.oldest);
    ASSERT_EQ(store_->position().head, model.head);
    ASSERT_EQ(store_->position().oldest, model.oldest);
  }
}

}  // namespace cc::store::testing
