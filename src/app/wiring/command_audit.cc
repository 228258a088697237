#include "app/wiring/command_audit.h"

#include <utility>

namespace cc::app {
namespace {

auth::AuditResult result_of(fleet::CommandStatus status) {
  if (status == fleet::CommandStatus::kDone) return auth::AuditResult::kOk;
  return status == fleet::CommandStatus::kRefused ? auth::AuditResult::kRefused
                                                  : auth::AuditResult::kFailed;
}

}  // namespace

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
                                .subject = row.kind + " " + row.id + " " + row.gateway + ": " +
                                           std::string(text(row.status))});
  if (!written) {
    log_.warn_folded("the audit record cannot be written", {}, {{"why", written.error().message}});
  }
}

}  // namespace cc::app
