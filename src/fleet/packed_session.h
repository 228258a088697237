#pragma once
// A session's row as change sets and the published fleet keep it: one block of memory, numbers
// first, then the texts one after another. A fleet has a hundred thousand of them, and most of what
// lists and searches do is to look at each.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>

#include "fleet/rows.h"

namespace cc::fleet {

/// Never written once it is published, and shared by whoever holds a pointer. Views are good for as
/// long as that. Fields are those of SessionFields, each read where it stands.
class PackedSession final : public boost::intrusive_ref_counter<PackedSession> {
 public:
  using Pointer = boost::intrusive_ptr<const PackedSession>;
  using Text = std::optional<std::string_view>;

  [[nodiscard]] static boost::intrusive_ptr<PackedSession> make(const SessionView& row);
  /// Before it is published.
  void set_version(Seq version) { version_ = version; }

  [[nodiscard]] std::string_view gateway() const { return bytes(kGateway); }
  [[nodiscard]] std::string_view key() const { return bytes(kKey); }
  [[nodiscard]] Text agent_id() const { return text(kAgentId); }
  [[nodiscard]] Text session_id() const { return text(kSessionId); }
  [[nodiscard]] Text parent_key() const { return text(kParentKey); }
  [[nodiscard]] Text title() const { return text(kTitle); }
  [[nodiscard]] Text kind() const { return text(kKind); }
  [[nodiscard]] Text channel() const { return text(kChannel); }
  [[nodiscard]] Text status() const { return text(kStatus); }
  [[nodiscard]] std::int64_t active_runs() const { return active_runs_; }
  [[nodiscard]] Text model() const { return text(kModel); }
  [[nodiscard]] Text provider() const { return text(kProvider); }
  [[nodiscard]] Count input_tokens() const { return number(kInputTokens); }
  [[nodiscard]] Count output_tokens() const { return number(kOutputTokens); }
  [[nodiscard]] Count total_tokens() const { return number(kTotalTokens); }
  [[nodiscard]] Count context_tokens() const { return number(kContextTokens); }
  [[nodiscard]] std::optional<double> cost_usd() const {
    return has(kCostUsd) ? std::optional(cost_usd_) : std::nullopt;
  }
  [[nodiscard]] Time started_at() const { return number(kStartedAt); }
  [[nodiscard]] Time updated_at() const { return number(kUpdatedAt); }
  [[nodiscard]] Time ended_at() const { return number(kEndedAt); }
  [[nodiscard]] bool archived() const { return has(kArchived); }
  [[nodiscard]] Seq version() const { return version_; }

  [[nodiscard]] std::string_view identity() const { return key(); }
  /// All of it.
  [[nodiscard]] SessionView view() const;

  void operator delete(void* block);

 private:
  /// In the order in which they stand. What a search looks at stands together.
  enum TextField : std::uint8_t {
    kKey,
    kTitle,
    kGateway,
    kAgentId,
    kSessionId,
    kParentKey,
    kKind,
    kChannel,
    kStatus,
    kModel,
    kProvider,
    kTexts
  };
  enum NumberField : std::uint8_t {
    kUpdatedAt,
    kStartedAt,
    kEndedAt,
    kInputTokens,
    kOutputTokens,
    kTotalTokens,
    kContextTokens,
    kNumbers
  };
  /// Where `present_` has the bits that come after those of the texts.
  static constexpr unsigned bit_of(NumberField field) { return unsigned{kTexts} + field; }
  static constexpr unsigned kCostUsd = unsigned{kTexts} + kNumbers;
  static constexpr unsigned kArchived = kCostUsd + 1;

  explicit PackedSession(const SessionView& row);
  void* operator new(std::size_t size, std::size_t text_bytes);
  void operator delete(void* block, std::size_t text_bytes);

  void put(TextField field, Text text);
  void put(NumberField field, Count number);
  void note(unsigned bit) { present_ |= 1U << bit; }

  [[nodiscard]] bool has(unsigned bit) const { return (present_ >> bit & 1U) != 0; }
  [[nodiscard]] std::string_view bytes(TextField field) const {
    const std::uint32_t begin = field == 0 ? 0 : ends_[field - 1U];
    return {reinterpret_cast<const char*>(this + 1) + begin, ends_[field] - begin};
  }
  [[nodiscard]] Text text(TextField field) const {
    return has(field) ? Text(bytes(field)) : std::nullopt;
  }
  [[nodiscard]] Count number(NumberField field) const {
    return has(bit_of(field)) ? Count(numbers_[field]) : std::nullopt;
  }

  std::uint32_t present_ = 0;  // a bit for each field that is not null
  std::array<std::int64_t, kNumbers> numbers_{};
  Seq version_;
  std::int64_t active_runs_;
  double cost_usd_;
  std::array<std::uint32_t, kTexts> ends_{};
};

}  // namespace cc::fleet
