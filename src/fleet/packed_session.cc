#include "fleet/packed_session.h"

#include <cstring>
#include <new>

namespace cc::fleet {
namespace {

std::size_t text_bytes(const SessionView& row) {
  std::size_t bytes = row.gateway.size() + row.key.size();
  for (const auto* text : {&row.agent_id, &row.session_id, &row.parent_key, &row.title, &row.kind,
                           &row.channel, &row.status, &row.model, &row.provider}) {
    bytes += text->value_or(std::string_view()).size();
  }
  return bytes;
}

}  // namespace

boost::intrusive_ptr<PackedSession> PackedSession::make(const SessionView& row) {
  return new (text_bytes(row)) PackedSession(row);
}

void* PackedSession::operator new(std::size_t size, std::size_t text_bytes) {
  return ::operator new(size + text_bytes);
}

void PackedSession::operator delete(void* block) {
  ::operator delete(block);
}

void PackedSession::operator delete(void* block, std::size_t /*text_bytes*/) {
  ::operator delete(block);
}

PackedSession::PackedSession(const SessionView& row)
    : version_(row.version), active_runs_(row.active_runs), cost_usd_(row.cost_usd.value_or(0)) {
  put(kKey, row.key);
  put(kTitle, row.title);
  put(kGateway, row.gateway);
  put(kAgentId, row.agent_id);
  put(kSessionId, row.session_id);
  put(kParentKey, row.parent_key);
  put(kKind, row.kind);
  put(kChannel, row.channel);
  put(kStatus, row.status);
  put(kModel, row.model);
  put(kProvider, row.provider);
  put(kUpdatedAt, row.updated_at);
  put(kStartedAt, row.started_at);
  put(kEndedAt, row.ended_at);
  put(kInputTokens, row.input_tokens);
  put(kOutputTokens, row.output_tokens);
  put(kTotalTokens, row.total_tokens);
  put(kContextTokens, row.context_tokens);
  if (row.cost_usd) note(kCostUsd);
  if (row.archived) note(kArchived);
}

// Texts are put in the order in which they stand.
void PackedSession::put(TextField field, Text text) {
  const std::uint32_t begin = field == 0 ? 0 : ends_[field - 1U];
  ends_[field] = begin;
  if (!text) return;
  std::memcpy(reinterpret_cast<char*>(this + 1) + begin, text->data(), text->size());
  ends_[field] += static_cast<std::uint32_t>(text->size());
  note(field);
}

void PackedSession::put(NumberField field, Count number) {
  if (!number) return;
  numbers_[field] = *number;
  note(bit_of(field));
}

SessionView PackedSession::view() const {
  return {.gateway = gateway(),
          .key = key(),
          .agent_id = agent_id(),
          .session_id = session_id(),
          .parent_key = parent_key(),
          .title = title(),
          .kind = kind(),
          .channel = channel(),
          .status = status(),
          .active_runs = active_runs(),
          .model = model(),
          .provider = provider(),
          .input_tokens = input_tokens(),
          .output_tokens = output_tokens(),
          .total_tokens = total_tokens(),
          .context_tokens = context_tokens(),
          .cost_usd = cost_usd(),
          .started_at = started_at(),
          .updated_at = updated_at(),
          .ended_at = ended_at(),
          .archived = archived(),
          .version = version()};
}

}  // namespace cc::fleet
