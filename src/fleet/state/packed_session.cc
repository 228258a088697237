#include "fleet/state/packed_session.h"

#include <cstring>
#include <new>
#include <numeric>

namespace cc::fleet {
namespace {

std::size_t size_of(std::string_view text) {
  return text.size();
}
std::size_t size_of(const std::optional<std::string_view>& text) {
  return text ? text->size() : 0;
}
template <class Number>
std::size_t size_of(const Number& /*number*/) {
  return 0;
}

std::size_t text_bytes(const SessionView& row) {
  std::size_t bytes = 0;
#define OURS(type, member, ...) bytes += size_of(row.member);
#include "fleet/rows/session.def"
  return bytes;
}

}  // namespace

boost::intrusive_ptr<PackedSession> PackedSession::make(const SessionView& row) {
  return new (text_bytes(row)) PackedSession(row);
}

std::size_t PackedSession::bytes_of(const SessionView& row) {
  return sizeof(PackedSession) + text_bytes(row);
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

PackedSession::PackedSession(const SessionView& row) {
#define OURS(type, member, ...) note(packed::kSlots[packed::kField_##member], row.member);
#include "fleet/rows/session.def"
  std::partial_sum(ends_.begin(), ends_.end(), ends_.begin());
#define OURS(type, member, ...) copy(packed::kSlots[packed::kField_##member], row.member);
#include "fleet/rows/session.def"
}

/// Everything of a field but the bytes of a text, whose length stands where its end will.
template <class Value>
void PackedSession::note(const packed::Slot& slot, const Value& value) {
  if constexpr (std::is_same_v<Value, bool>) {
    set(slot, value);
  } else if constexpr (std::is_same_v<Value, Name>) {
    set(slot, true);
    ends_[slot.text] = static_cast<std::uint32_t>(value.size());
  } else if constexpr (std::is_same_v<Value, Text>) {
    set(slot, value.has_value());
    ends_[slot.text] = static_cast<std::uint32_t>(size_of(value));
  } else if constexpr (std::is_arithmetic_v<Value>) {
    numbers_[slot.number] = std::bit_cast<std::int64_t>(value);
  } else if (value) {
    set(slot, true);
    numbers_[slot.number] = std::bit_cast<std::int64_t>(*value);
  }
}

template <class Value>
void PackedSession::copy(const packed::Slot& slot, const Value& value) {
  if constexpr (packed::form_of<Value>() == packed::Form::kText) {
    const std::string_view text = Text(value).value_or(std::string_view());
    if (!text.empty())
      std::memcpy(reinterpret_cast<char*>(this + 1) + start_of(slot), text.data(), text.size());
  }
}

SessionView PackedSession::view() const {
  return {
#define OURS(type, member, ...) .member = member(),
#include "fleet/rows/session.def"
  };
}

}  // namespace cc::fleet
