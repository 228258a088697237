#pragma once
// Rows and change sets as JSON (contract, "The row shapes" and "Change sets"), and rows back from
// it.

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_writer.h"
#include "base/result.h"
#include "fleet/change_set.h"
#include "fleet/packed_session.h"

namespace cc::fleet {

/// As the API shows it and as it is stored. `gateway_speaks` decides the `status` of an agent.
template <class Row>
void encode(JsonWriter& out, const Fields<Row>& row, bool gateway_speaks);

/// The names of a row alone: what tells of its removal.
template <class Row>
void encode_identity(JsonWriter& out, std::string_view gateway, std::string_view id);

/// Reads what `encode` wrote, in this release or in another (docs/format/database.md, "Rows"):
/// members that are not there are null or what a new row has, those that are not known are passed
/// over, and the order is free. As `encode` writes them it is several times as fast. Thread-safe.
/// kCorrupt, naming the member, where one is not of its type or an identity is missing.
template <class Row>
[[nodiscard]] Result<HeldPointer<Row>> decode(std::string_view json);

/// One entry of the journal. `body` is the change set as a JSON object without `seq` and `epoch`,
/// which the store gives; `entry_json` puts them in front.
struct JournalEntry {
  Seq seq = 0;
  TimeMs at = 0;
  std::string gateway;
  EventKind event = EventKind::kFleetUpdate;
  std::string body;
};

/// The same, standing elsewhere.
struct EntryView {
  Seq seq = 0;
  TimeMs at = 0;
  std::string_view gateway;
  EventKind event = EventKind::kFleetUpdate;
  std::string_view body;
};
[[nodiscard]] inline EntryView view_of(const JournalEntry& entry) {
  return {entry.seq, entry.at, entry.gateway, entry.event, entry.body};
}

/// A row to be written or, with an empty `json`, removed. `json` points into the body of an entry.
struct RowWrite {
  Kind kind{};
  std::string_view gateway;
  std::string_view id;  // a gateway's own name again in its row
  Seq version = 0;
  std::string_view json;
};

/// The largest body of one entry; what is larger is split (contract, "Change sets").
inline constexpr std::size_t kMaxEntryBytes = 256 * 1024;

struct Sealed {
  std::vector<JournalEntry> entries;
  /// In the order of the entries. Views into `entries` (so: move it, never copy it) and into
  /// `changes`.
  std::vector<RowWrite> rows;

  Sealed() = default;
  Sealed(Sealed&&) = default;
  Sealed& operator=(Sealed&&) = default;
  Sealed(const Sealed&) = delete;
  Sealed& operator=(const Sealed&) = delete;
};

/// Encodes a journaled change set into entries numbered from `first`, and writes each row's
/// version. `changes` must outlive the result.
[[nodiscard]] Sealed seal(ChangeSet& changes, Seq first, TimeMs at);

/// The whole change set, as `/events` and `data:` show it.
void append_entry_json(std::string& out, const JournalEntry& entry, std::string_view epoch);
/// What it begins with; the body goes on from there without its first byte.
void append_entry_head(std::string& out, Seq seq, std::string_view epoch);

}  // namespace cc::fleet
