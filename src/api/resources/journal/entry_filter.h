#pragma once
// Which entries of the journal a reader wants to see.

#include <expected>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "api/http/parameters.h"
#include "fleet/rows/words.h"
#include "journal/entry.h"

namespace cc::api {

/// The words of a `types` parameter. `reset` is not a kind of entry and naming it is harmless.
/// Empty where one is no word of the stream, or none is a kind.
inline constexpr std::string_view kTypesForm =
    "The parameter 'types' names kinds of events, with commas.";
[[nodiscard]] std::optional<std::set<fleet::EventKind>> parse_event_kinds(std::string_view types);

/// A row to look for in the bodies of entries.
struct WantedRow {
  std::string gateway;
  std::string id;
};

/// Immutable. An absent parameter lets everything pass.
class EntryFilter {
 public:
  /// Reads `types`, `gateway`, `agent` and `session`; other parameters are somebody else's.
  [[nodiscard]] static std::expected<EntryFilter, ParameterFault> parse(const Parameters& query);

  [[nodiscard]] bool takes_all() const;
  [[nodiscard]] bool takes(const journal::Entry& entry) const;

 private:
  /// A fast check whether a body may name the row: looks for its spelling. Only bodies that pass
  /// are parsed.
  struct Spelling {
    std::vector<std::string> any_of;
    [[nodiscard]] bool found_in(std::string_view body) const;
  };
  std::expected<void, ParameterFault> want_agent(std::string_view name);
  std::expected<void, ParameterFault> want_session(std::string_view name);
  [[nodiscard]] bool names_wanted_rows(std::string_view body) const;

  std::set<fleet::EventKind> kinds_;
  std::set<std::string, std::less<>> gateways_;
  std::optional<WantedRow> agent_;
  std::optional<WantedRow> session_;
  Spelling agent_spelling_;
  Spelling session_spelling_;
};

}  // namespace cc::api
