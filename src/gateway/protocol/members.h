#pragma once
// The members of one untrusted JSON object. Every read checks type and range. A member that does
// not fit counts as absent, and is counted.

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include <simdjson.h>

#include "base/text.h"
#include "fleet/observation.h"

namespace cc::gateway::protocol {

/// Why parts were left out, as fixed words: "key" (an identity that cannot be one), "type",
/// "number", "rows".
using Skipped = std::vector<std::string_view>;

/// Counts one. Bounded, so a million broken rows cannot exhaust memory.
void skip(Skipped& skipped, std::string_view why);

/// `text` as an identity; nullopt if it cannot be one. U+FFFD means that bytes were replaced, so
/// two identities might have become one.
[[nodiscard]] std::optional<std::string> as_identity(std::string_view text);
[[nodiscard]] bool can_be_identity(std::string_view text);

/// The id in a session key `agent:<id>:…`; a part of the key.
[[nodiscard]] std::optional<std::string_view> agent_of_key(std::string_view session_key);

/// Every agent of a gateway may have a session of this key, so the agent belongs to its identity.
[[nodiscard]] bool is_shared_key(std::string_view session_key);
/// The identity of an agent's session: the key, or for a shared one `agent:<id>:<key>`.
[[nodiscard]] std::string session_identity(std::string_view session_key, std::string_view agent);
/// Whether `identity` was made of a shared key.
[[nodiscard]] bool is_of_shared_key(std::string_view identity);

/// An index of one object's members, built in one pass. Up to thirty names are looked up in an
/// object; scanning it for each took a sixth of the reading thread's time.
class MemberIndex {
 public:
  /// An object with more members than fit is not indexed.
  explicit MemberIndex(simdjson::dom::object object);

  [[nodiscard]] bool covers() const { return count_ <= kMost; }
  /// Null where there is none. Where a name is there twice, the first counts.
  [[nodiscard]] const simdjson::dom::element* find(std::string_view name) const {
    for (std::size_t i = slot_of(name); places_[i] != kFree; i = (i + 1) % kSlots) {
      const Member& member = members_[places_[i]];
      if (member.name == name) return &member.value;
    }
    return nullptr;
  }

 private:
  static constexpr std::size_t kMost = 64;
  static constexpr std::size_t kSlots = 256;
  static constexpr std::uint8_t kFree = 0xFF;

  struct Member {
    std::string_view name;
    simdjson::dom::element value;
  };

  /// Names that gateways use differ in length or at their ends. Names in the same slot are
  /// compared.
  [[nodiscard]] static constexpr std::size_t slot_of(std::string_view name) {
    if (name.empty()) return 0;
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(name[i]); };
    return (name.size() * 37U + at(0) * 5U + at(name.size() - 1) + at(name.size() / 2) * 11U) %
           kSlots;
  }

  std::size_t count_ = 0;
  std::array<std::uint8_t, kSlots> places_;
  std::array<Member, kMost> members_;
};

/// Valid as long as its frame. Absent, null or a value, as in fleet::Field.
class Members {
 public:
  template <class T>
  using Field = fleet::Field<T>;

  static constexpr std::size_t kWordBytes = 64;

  Members(simdjson::dom::object object, Skipped& skipped) : object_(object), skipped_(&skipped) {}
  /// nullopt where `element` is not an object; that is not counted.
  [[nodiscard]] static std::optional<Members> of(simdjson::dom::element element, Skipped& skipped);
  /// These members, looked up through `index`, which must live as long.
  [[nodiscard]] Members by(const MemberIndex& index) const;
  [[nodiscard]] MemberIndex index() const { return MemberIndex(object_); }

  /// The value, whatever it is; nullopt where it is absent or null.
  [[nodiscard]] std::optional<simdjson::dom::element> find(std::string_view name) const;
  [[nodiscard]] bool is_null(std::string_view name) const;
  /// Those of another type are counted.
  [[nodiscard]] std::optional<Members> object(std::string_view name) const;
  [[nodiscard]] std::optional<simdjson::dom::array> array(std::string_view name) const;

  /// The cleaned text. If nothing is left of it, it is null.
  [[nodiscard]] Field<std::string> text(std::string_view name,
                                        std::size_t limit = kMaxTextBytes) const;
  [[nodiscard]] Field<std::string> identity(std::string_view name) const;
  /// As above, stored in `texts`. The first of `names` with a value counts; if none has one, `null`
  /// counts as said.
  [[nodiscard]] Field<std::string_view> text(std::initializer_list<std::string_view> names,
                                             fleet::TextArena& texts,
                                             std::size_t limit = kMaxTextBytes) const;
  [[nodiscard]] Field<std::string_view> identity(std::initializer_list<std::string_view> names,
                                                 fleet::TextArena& texts) const;
  /// From 0 to 2^53; fractions are rounded.
  [[nodiscard]] Field<std::int64_t> count(std::string_view name) const;
  /// Milliseconds since the epoch, until the year 9999; fractions are rounded. 0 is what gateways
  /// say of what never was: null.
  [[nodiscard]] Field<TimeMs> time(std::string_view name) const;
  /// Finite and not negative.
  [[nodiscard]] Field<double> amount(std::string_view name) const;
  [[nodiscard]] Field<bool> flag(std::string_view name) const;

  /// For keywords such as a phase. Empty if absent.
  [[nodiscard]] std::string word(std::string_view name) const;
  [[nodiscard]] std::string identity_or_empty(std::string_view name) const;
  [[nodiscard]] bool is_true(std::string_view name) const;

  [[nodiscard]] Skipped& skipped() const { return *skipped_; }

 private:
  [[nodiscard]] std::optional<simdjson::dom::element> at(std::string_view name) const;
  template <class T, class Read>
  Field<T> read(std::string_view name, std::string_view why, Read read_value) const;
  template <class Read>
  Field<std::string_view> first_of(std::initializer_list<std::string_view> names,
                                   std::string_view why, Read read_text) const;

  simdjson::dom::object object_;
  Skipped* skipped_;
  const MemberIndex* index_ = nullptr;  // null: each name is looked for from the front
};

/// The value of a field, if absent and null mean the same.
template <class T>
[[nodiscard]] std::optional<T> value_of(fleet::Field<T> field) {
  return field ? std::move(*field) : std::optional<T>();
}

/// The first of two that has a value. If neither has one, `null` counts as said.
template <class T>
[[nodiscard]] fleet::Field<T> or_else(fleet::Field<T> first, fleet::Field<T> second) {
  if (first && *first) return first;
  if (second && *second) return second;
  return first ? first : second;
}

}  // namespace cc::gateway::protocol
