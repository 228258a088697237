#pragma once
// Why a command cannot be taken as things stand. Asked by `merge`, which decides, and by whoever
// explains it to the author.

#include <optional>
#include <string>

#include "fleet/state/overlay.h"

namespace cc::fleet {

struct Objection {
  enum class Kind {
    kMissing,  // what it acts on is not there
    kMoved,    // it is there, and not as the author saw it
  };
  Kind kind = Kind::kMissing;
  std::string detail;  // a sentence for the author
};

/// `expected`: the version of the target's row that the author saw. For sessions, which move all
/// the time, it does not count: they are told apart by their generation at the gateway.
[[nodiscard]] std::optional<Objection> objection(const Overlay& view, const Command& command,
                                                 std::optional<Seq> expected);

/// The decision in the parameters of an `approval.decide`; of the other kinds that end an approval,
/// `answer` and `cancel`. Empty for all others.
[[nodiscard]] std::string decision_of(const Command& command);

}  // namespace cc::fleet
