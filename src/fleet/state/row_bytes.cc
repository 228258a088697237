#include "fleet/state/row_bytes.h"

#include "fleet/rows/field_table.h"

namespace cc::fleet {
namespace {

/// Of a table, for each row: pointer, index, order, and what the allocator adds.
constexpr std::size_t kBeside = 96;

std::size_t bytes_in(const std::string& text) {
  return text.size();
}
std::size_t bytes_in(const std::vector<std::string>& words) {
  std::size_t bytes = 0;
  for (const auto& word : words) bytes += sizeof(std::string) + word.size();
  return bytes;
}
template <class Number>
  requires std::is_arithmetic_v<Number> || std::is_enum_v<Number>
std::size_t bytes_in(Number /*number*/) {
  return 0;
}

std::size_t bytes_in(const JsonObject& value) {
  return value.json.size();
}
std::size_t bytes_in(const JsonArray& value) {
  return value.json.size();
}
std::size_t bytes_in(const Author& author) {
  return author.name.size() + author.role.size() + author.via.size();
}
std::size_t bytes_in(const CommandTarget& target) {
  return target.member.size() + target.id.size();
}

template <class Value>
std::size_t bytes_in(const std::optional<Value>& value) {
  return value ? bytes_in(*value) : 0;
}
template <class Row>
std::size_t bytes_of_fields(const Row& row) {
  std::size_t bytes = kBeside + sizeof(Row);
  each_field<Row>([&](auto field) {
    if constexpr (field.kIsKept) bytes += bytes_in(field.in(row));
  });
  return bytes;
}

}  // namespace

std::size_t bytes_of(const SessionView& row) {
  return kBeside + PackedSession::bytes_of(row);
}
std::size_t bytes_of(const PackedSession& row) {
  return kBeside + row.bytes();
}
std::size_t bytes_of(const Agent& row) {
  return bytes_of_fields(row);
}
std::size_t bytes_of(const Presence& row) {
  return bytes_of_fields(row);
}

std::size_t bytes_of(const Command& row) {
  return bytes_of_fields(row) + (row.letter ? row.letter->size() : 0);
}
std::size_t bytes_of(const Approval& row) {
  return bytes_of_fields(row);
}
std::size_t bytes_of(const CronJob& row) {
  return bytes_of_fields(row);
}

std::size_t bytes_of(const AgentRuns& runs) {
  return kBeside + sizeof(runs) + runs.runs.size() * (sizeof(Run) + kBeside) +
         runs.approvals.size() * (sizeof(PendingApproval) + kBeside) +
         runs.ended.size() * (sizeof(EndedSession) + kBeside);
}

}  // namespace cc::fleet
