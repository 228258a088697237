#pragma once
// A session's row in one block of memory: numbers first, then the texts. A fleet has a hundred
// thousand of them, and lists and searches look at each.

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>

#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>

#include "fleet/rows/rows.h"
#include "fleet/state/packed_layout.h"

namespace cc::fleet {

/// Never written once it is published, and shared by whoever holds a pointer. Views are good for as
/// long as that. Each field of SessionView has a function here that reads it where it stands.
class PackedSession final : public boost::intrusive_ref_counter<PackedSession> {
 public:
  using Pointer = boost::intrusive_ptr<const PackedSession>;
  using Name = SessionView::Name;
  using Text = SessionView::Text;

  [[nodiscard]] static boost::intrusive_ptr<PackedSession> make(const SessionView& row);
  /// Before it is published.
  void set_version(Seq version) {
    numbers_[packed::kSlots[packed::kField_version].number] = static_cast<std::int64_t>(version);
  }

#define OURS(type, member, ...) \
  [[nodiscard]] type member() const { return read<type>(packed::kSlots[packed::kField_##member]); }
#include "fleet/rows/session.def"

  [[nodiscard]] std::string_view identity() const { return key(); }
  /// All of it.
  [[nodiscard]] SessionView view() const;
  /// Of memory.
  [[nodiscard]] std::size_t bytes() const { return sizeof(*this) + ends_.back(); }
  [[nodiscard]] static std::size_t bytes_of(const SessionView& row);

  void operator delete(void* block);

 private:
  explicit PackedSession(const SessionView& row);
  void* operator new(std::size_t size, std::size_t text_bytes);
  void operator delete(void* block, std::size_t text_bytes);

  template <class Value>
  void note(const packed::Slot& slot, const Value& value);
  template <class Value>
  void copy(const packed::Slot& slot, const Value& value);
  void set(const packed::Slot& slot, bool bit) {
    present_ |= static_cast<std::uint32_t>(bit) << slot.bit;
  }

  [[nodiscard]] bool has(const packed::Slot& slot) const {
    return (present_ >> slot.bit & 1U) != 0;
  }
  [[nodiscard]] std::uint32_t start_of(const packed::Slot& slot) const {
    return slot.text == 0 ? 0 : ends_[slot.text - 1U];
  }
  [[nodiscard]] std::string_view text(const packed::Slot& slot) const {
    const std::uint32_t begin = start_of(slot);
    return {reinterpret_cast<const char*>(this + 1) + begin, ends_[slot.text] - begin};
  }
  template <class Value>
  [[nodiscard]] Value read(const packed::Slot& slot) const {
    if constexpr (std::is_same_v<Value, bool>) {
      return has(slot);
    } else if constexpr (std::is_same_v<Value, Name>) {
      return text(slot);
    } else if constexpr (std::is_same_v<Value, Text>) {
      return has(slot) ? Text(text(slot)) : std::nullopt;
    } else if constexpr (std::is_arithmetic_v<Value>) {
      return std::bit_cast<Value>(numbers_[slot.number]);
    } else {
      using Held = typename Value::value_type;
      return has(slot) ? Value(std::bit_cast<Held>(numbers_[slot.number])) : std::nullopt;
    }
  }

  std::uint32_t present_ = 0;  // a bit for each field that is not null, or true
  std::array<std::int64_t, packed::kNumbers> numbers_{};
  std::array<std::uint32_t, packed::kTexts> ends_{};
};

}  // namespace cc::fleet
