#pragma once
// An entry of the journal: one change set, numbered, as the bytes that are stored and sent.

#include <cstddef>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/cursor.h"
#include "fleet/rows/kinds.h"
#include "fleet/rows/words.h"

namespace cc::journal {

/// `body` is the change set as a JSON object without `seq` and `epoch`, which the store gives;
/// `append_entry_json` puts them in front.
struct Entry {
  Seq seq = 0;
  TimeMs at = 0;
  std::string gateway;
  fleet::EventKind event = fleet::EventKind::kFleetUpdate;
  std::string body;
};

/// An entry whose texts stand elsewhere.
struct EntryView {
  Seq seq = 0;
  TimeMs at = 0;
  std::string_view gateway;
  fleet::EventKind event = fleet::EventKind::kFleetUpdate;
  std::string_view body;
};
[[nodiscard]] inline EntryView view_of(const Entry& entry) {
  return {entry.seq, entry.at, entry.gateway, entry.event, entry.body};
}

/// A row to be written or, with an empty `json`, removed. `json` points into the body of an entry.
struct RowWrite {
  fleet::Kind kind{};
  std::string_view gateway;
  std::string_view id;  // a gateway's own name again in its row
  Seq version = 0;
  std::string_view json;
};

/// The largest body of one entry; what is larger is split. A single row that is larger is not.
inline constexpr std::size_t kMaxEntryBytes = 256 * 1024;

/// The whole change set, as `/events` and `data:` show it.
void append_entry_json(std::string& out, const Entry& entry, std::string_view epoch);
/// The beginning of an entry's JSON. The body follows without its first byte.
void append_entry_head(std::string& out, Seq seq, std::string_view epoch);

}  // namespace cc::journal
