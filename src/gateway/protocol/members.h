#pragma once
// The members of one JSON object that somebody else wrote. Every read checks the type and the
// range: what does not fit is as if it were absent, and is counted.

#include <string>
#include <string_view>
#include <vector>

#include <simdjson.h>

#include "base/text.h"
#include "fleet/observation.h"

namespace cc::gateway::protocol {

/// Why parts were left out, as fixed words: "key" (an identity that cannot be one), "type",
/// "number", "rows".
using Refused = std::vector<std::string_view>;

/// Counts one, up to a bound: who sends a million broken rows shall not fill the memory with their
/// count.
void refuse(Refused& refused, std::string_view why);

/// `text` as an identity; nullopt where it cannot be one. U+FFFD in it says that something was lost
/// on the way, so that two identities might have become one.
[[nodiscard]] std::optional<std::string> as_identity(std::string_view text);

/// The id in a session key `agent:<id>:…`.
[[nodiscard]] std::optional<std::string> agent_of_key(std::string_view session_key);

/// Valid as long as the frame behind it. Not said, said to be nothing (`null`), said: as in
/// fleet::Field.
class Members {
 public:
  template <class T>
  using Field = fleet::Field<T>;

  static constexpr std::size_t kWordBytes = 64;

  Members(simdjson::dom::object object, Refused& refused) : object_(object), refused_(&refused) {}
  /// nullopt where `element` is not an object; that is not counted.
  [[nodiscard]] static std::optional<Members> of(simdjson::dom::element element, Refused& refused);

  /// The value, whatever it is; nullopt where it is absent or null.
  [[nodiscard]] std::optional<simdjson::dom::element> find(std::string_view name) const;
  [[nodiscard]] bool is_null(std::string_view name) const;
  /// Those of another type are counted.
  [[nodiscard]] std::optional<Members> object(std::string_view name) const;
  [[nodiscard]] std::optional<simdjson::dom::array> array(std::string_view name) const;

  /// Cleaned; a text of which nothing is left is nothing.
  [[nodiscard]] Field<std::string> text(std::string_view name,
                                        std::size_t limit = kMaxTextBytes) const;
  [[nodiscard]] Field<std::string> identity(std::string_view name) const;
  /// From 0 to 2^53; fractions are rounded.
  [[nodiscard]] Field<std::int64_t> count(std::string_view name) const;
  /// Milliseconds since the epoch, until the year 9999; fractions are rounded.
  [[nodiscard]] Field<TimeMs> time(std::string_view name) const;
  /// Finite and not negative.
  [[nodiscard]] Field<double> amount(std::string_view name) const;
  [[nodiscard]] Field<bool> flag(std::string_view name) const;

  /// For words that steer us: empty where there is none.
  [[nodiscard]] std::string word(std::string_view name) const;
  [[nodiscard]] std::string identity_or_empty(std::string_view name) const;
  [[nodiscard]] bool is_true(std::string_view name) const;

  [[nodiscard]] Refused& refused() const { return *refused_; }

 private:
  template <class T, class Read>
  Field<T> read(std::string_view name, std::string_view why, Read read_value) const;

  simdjson::dom::object object_;
  Refused* refused_;
};

/// What a field holds, where both "not said" and "nothing" mean that there is none.
template <class T>
[[nodiscard]] std::optional<T> value_of(fleet::Field<T> field) {
  return field ? std::move(*field) : std::optional<T>();
}

/// The first of two that holds something; where neither does, `null` counts as said.
template <class T>
[[nodiscard]] fleet::Field<T> or_else(fleet::Field<T> first, fleet::Field<T> second) {
  if (first && *first) return first;
  if (second && *second) return second;
  return first ? first : second;
}

}  // namespace cc::gateway::protocol
