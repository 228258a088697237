#pragma once
// Frames that no client should trust.

#include <string>

#include "gateway_sim/story/event.h"

namespace cc::sim {

/// Text that is not JSON.
[[nodiscard]] std::string garbage();
/// A sound event, but far beyond what a frame may hold.
[[nodiscard]] Event oversized(std::size_t bytes);
/// sessions.changed with a wrong type in every field of its row.
[[nodiscard]] Event wrong_types();
/// The answer of sessions.list with rows that nobody could mean.
[[nodiscard]] std::string wrong_list(TimeMs now);
/// NUL and lone surrogates in titles and in a key.
[[nodiscard]] Event broken_text();
/// Bytes that are not UTF-8, in a text frame.
[[nodiscard]] std::string broken_bytes();
/// Members that come twice, and disagree.
[[nodiscard]] Event doubled_members();
/// Arrays within arrays.
[[nodiscard]] Event nested(std::size_t depth);

}  // namespace cc::sim
