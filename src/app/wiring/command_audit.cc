#include "app/wiring/command_audit.h"

#include <set>
#include <string>
#include <utility>

#include "base/text.h"

namespace cc::app {
namespace {

auth::AuditResult result_of(fleet::CommandStatus status) {
  if (status == fleet::CommandStatus::kDone) return auth::AuditResult::kOk;
  return status == fleet::CommandStatus::kRefused ? auth::AuditResult::kRefused
                                                  : auth::AuditResult::kFailed;
}

/// More can hardly be under way at once.
constexpr std::size_t kLookedAt = 2'000;
constexpr std::size_t kMostSubject = 256;

/// As the record has it.
std::string subject_of(const fleet::Command& row) {
  const std::string subject =
      row.kind + " " + row.id + " " + row.gateway + ": " + std::string(text(row.status));
  return clean_text(subject, kMostSubject);
}

}  // namespace

void CommandAudit::catch_up(const fleet::PublishedFleet& published) {
  const auto latest = audit_.read(std::nullopt, kLookedAt);
  if (!latest) return;
  const TimeMs since = latest->size() < kLookedAt ? 0 : latest->back().at;
  std::set<std::string> written;
  for (const auto& entry : *latest) {
    if (entry.event == auth::AuditEvent::kCommandEnd) written.insert(entry.subject);
  }
  std::vector<std::shared_ptr<const fleet::Command>> missing;
  published.read([&](const fleet::Fleet& fleet, const Cursor&) {
    for (const auto& [name, shard] : fleet.shards()) {
      for (const auto& row : shard.commands) {
        if (row->ended_at > since && !written.contains(subject_of(*row))) missing.push_back(row);
      }
    }
  });
  for (const auto& row : missing) write(*row);
}

void CommandAudit::ended(std::shared_ptr<const fleet::Command> row) {
  {
    const MutexLock lock(mutex_);
    waiting_.push_back(std::move(row));
    if (waiting_.size() > 1) return;  // a task is on its way
  }
  const bool taken = workers_.submit({.lane = "audit of commands",
                                      .stop = {},
                                      .turn =
                                          [this](store::JournalReader&) {
                                            write_all();
                                            return workers::Progress::kDone;
                                          },
                                      .ended =
                                          [this](workers::End end) {
                                            if (end != workers::End::kDone) write_all();
                                          }});
  if (!taken) write_all();  // the pool has stopped; what is left is written here
}

void CommandAudit::write_all() {
  std::vector<std::shared_ptr<const fleet::Command>> rows;
  {
    const MutexLock lock(mutex_);
    rows.swap(waiting_);
  }
  for (const auto& row : rows) write(*row);
}

void CommandAudit::write(const fleet::Command& row) {
  auto written = audit_.record({.event = auth::AuditEvent::kCommandEnd,
                                .result = result_of(row.status),
                                .who = row.author.name,
                                .address = {},
                                .subject = subject_of(row)});
  if (!written) {
    log_.warn_folded("the audit record cannot be written", {}, {{"why", written.error().message}});
  }
}

}  // namespace cc::app
