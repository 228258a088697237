#include "bench/subject/seed.h"

#include <algorithm>
#include <fstream>
#include <stdexcept>

#include <fmt/format.h>

#include "journal/encode.h"
#include "store/sqlite/sqlite_store.h"

namespace cc::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kGroup = 2'000;  // entries in a transaction
constexpr const char* kBoot = "bench";

std::string agent_id(std::size_t number) {
  return fmt::format("agent-{:05}", number);
}

std::shared_ptr<fleet::Agent> agent(std::size_t number, std::size_t sessions) {
  auto row = std::make_shared<fleet::Agent>();
  row->gateway = Seed::kGateway;
  row->id = agent_id(number);
  row->name = fmt::format("Agent {}", number);
  row->emoji = "\xF0\x9F\xA6\x9E";
  row->model = "claude-opus-4";
  row->workspace = fmt::format("/home/user/.openclaw/workspace-{}", number);
  row->status_since = Seed::kStart;
  row->sessions = static_cast<std::int64_t>(sessions);
  row->last_active_at = Seed::kStart + static_cast<TimeMs>(number);
  return row;
}

std::string title(std::size_t number, std::size_t turn) {
  const char* subject = number % 100 == 7 ? Seed::kRareWord : "weekly";
  return fmt::format("Prepare the {} report of team {}, part {}", subject, number % 977, turn);
}

fleet::Made<fleet::Session> session(std::size_t number, std::size_t agents, std::size_t turn) {
  fleet::SessionRow row;
  row.gateway = Seed::kGateway;
  row.key = Seed::session_key(number);
  row.agent_id = agent_id(number % agents);
  row.session_id = fmt::format("5c0e6f2a-7d1b-4e0f-9a3c-{:012}", number);
  row.title = title(number, turn);
  row.kind = "direct";
  row.channel = "webchat";
  row.status = number % 9 == 0 ? "failed" : "done";
  row.model = "claude-opus-4";
  row.provider = "anthropic";
  row.input_tokens = static_cast<std::int64_t>(1'000 + number % 5'000);
  row.output_tokens = static_cast<std::int64_t>(200 + number % 900);
  row.total_tokens = static_cast<std::int64_t>(1'200 + number % 5'900);
  row.context_tokens = 200'000;
  row.cost_usd = static_cast<double>(number % 1'000) / 1'000;
  const auto ended = Seed::kStart + static_cast<TimeMs>((number * 7919) % 86'400'000 + turn);
  row.started_at = ended - 60'000;
  row.updated_at = ended;
  row.ended_at = ended;
  return fleet::PackedSession::make(row);
}

std::size_t text_bytes(const fleet::SessionView& row) {
  std::size_t bytes = row.gateway.size() + row.key.size();
  for (const auto* text : {&row.agent_id, &row.session_id, &row.parent_key, &row.title, &row.kind,
                           &row.channel, &row.status, &row.model, &row.provider}) {
    bytes += text->value_or("").size();
  }
  return bytes;
}

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error("seeding the database: " + result.error().message);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

/// Writes change sets, many in a transaction.
class Writer {
 public:
  explicit Writer(store::Store& store) : store_(store) {}

  void add(fleet::ChangeSet changes) {
    if (!transaction_) transaction_ = must(store_.begin());
    const auto encoded = journal::encode(changes, transaction_->next_seq(), Seed::kStart);
    for (const auto& entry : encoded.entries) must(transaction_->append(entry));
    for (const auto& row : encoded.rows) must(transaction_->put(row));
    if (++waiting_ >= kGroup) commit();
  }

  void commit() {
    if (!transaction_) return;
    must(transaction_->commit());
    transaction_.reset();
    waiting_ = 0;
    must(store_.maintain());
  }

 private:
  store::Store& store_;
  std::unique_ptr<store::Transaction> transaction_;
  std::size_t waiting_ = 0;
};

fleet::ChangeSet change(fleet::Cause cause) {
  fleet::ChangeSet changes;
  changes.gateway = Seed::kGateway;
  changes.source = fleet::Source::kWs;
  changes.cause = cause;
  return changes;
}

fleet::ChangeSet first_sync(const FleetSize& size) {
  fleet::ChangeSet changes = change(fleet::Cause::kInitialSync);
  auto gateway = std::make_shared<fleet::Gateway>();
  gateway->name = Seed::kGateway;
  gateway->state = fleet::GatewayState::kOffline;
  changes.gateways.upsert.push_back(std::move(gateway));
  for (std::size_t i = 0; i < size.agents; ++i) {
    changes.agents.upsert.push_back(agent(i, size.sessions / size.agents));
  }
  for (std::size_t i = 0; i < size.sessions; ++i) {
    changes.sessions.upsert.push_back(session(i, size.agents, 0));
  }
  return changes;
}

void fill(store::Store& store, const FleetSize& size) {
  Writer writer(store);
  writer.add(first_sync(size));
  for (std::size_t i = 0; i < size.entries; ++i) {
    writer.add(Seed::change_of((i * 7919) % size.sessions, size, 1 + i / size.sessions));
  }
  writer.commit();
  must(store.close_cleanly());
}

void write_configuration(const fs::path& file) {
  std::ofstream(file) << "[[gateway]]\nname = \"" << Seed::kGateway
                      << "\"\nws_url = \"ws://127.0.0.1:9/\"\nrest_url = \"off\"\n";
}

}  // namespace

std::string Seed::session_key(std::size_t number) {
  return fmt::format("agent:main:dashboard:{:012}", number);
}

fleet::ChangeSet Seed::change_of(std::size_t number, const FleetSize& size, std::size_t turn) {
  fleet::ChangeSet changes = change(fleet::Cause::kSessionsChanged);
  changes.sessions.upsert.push_back(session(number, size.agents, turn));
  return changes;
}

Seed make_seed(const fs::path& folder, const FleetSize& size) {
  const fs::path dir =
      folder / fmt::format("seed-{}-{}-{}", size.agents, size.sessions, size.entries);
  Seed seed{.data_dir = dir,
            .size = size,
            .text_bytes_per_session =
                static_cast<double>(text_bytes(session(1, size.agents, 1)->view()))};
  if (fs::exists(dir / "complete")) return seed;
  fs::remove_all(dir);
  fs::create_directories(dir);
  fs::permissions(dir, fs::perms::owner_all);
  const auto store = must(store::open_sqlite(
      {.file = seed.database(), .durability = store::Durability::kRelaxed, .boot_id = kBoot}));
  fill(*store, size);
  write_configuration(dir / "gateways.toml");
  std::ofstream(dir / "complete") << "\n";
  return seed;
}

}  // namespace cc::bench
