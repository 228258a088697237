#pragma once
// A field of a row stands once: as a line of its kind's table (`session.def` and its like). From
// that line follow the member of the row and of the patch, how it is written and read back, what
// makes a journal entry, what a patch does to it, and what lists can do with it. A line is one of
//
//   TOLD(type, member, "wireName", untold, uses)   the gateway tells it: it is in the patch as well
//   OURS(type, member, "wireName", uses)           made out by us
//   SHOWN(type, member, "wireName", uses, how)     not kept: how it follows from `row` and
//   `gateway_speaks`
//
// Types are those of rows.h. The order of the lines is the order on the wire.

#include <cstdint>

namespace cc::fleet {

/// What becomes of a field that a patch does not tell.
enum class Untold : std::uint8_t {
  kKept,        // it stays as it is
  kCleared,     // nothing, where the patch is the whole row; else it stays
  kOfTheRun,    // the same; nothing as well where the session begins anew
  kRunState,    // the same; and not even heard where the patch's run state is known to be stale
  kIdentified,  // the identity takes its place, where the patch is the whole row
  kNeverTold,   // no patch has it
};

/// What a field is for; combined with `|`.
enum Uses : std::uint16_t {
  kInternal = 0,
  kListed = 1U << 0U,  // lists filter and sort by it; every field with one of those below is listed
  kSearched = 1U << 1U | kListed,  // `q` looks into it
  kFaceted = 1U << 2U | kListed,  // holds few different values, so that rows can be counted by them
  kTimed = 1U << 3U | kListed,    // its values also stand side by side in RowTable
  kStillThere = 1U << 4U | kListed,  // says "still there": alone it makes no journal entry
  kVersion = 1U << 5U | kListed,   // the number of the entry that wrote the row; makes none itself
  kIdentity = 1U << 6U | kListed,  // names the row within its gateway; never null
  kOwner = 1U << 7U | kListed,     // names the gateway; never null
};
[[nodiscard]] constexpr Uses operator|(Uses a, Uses b) {
  return static_cast<Uses>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}
[[nodiscard]] constexpr bool has_use(Uses uses, Uses one) {
  return (static_cast<unsigned>(uses) & static_cast<unsigned>(one)) == static_cast<unsigned>(one);
}

}  // namespace cc::fleet
