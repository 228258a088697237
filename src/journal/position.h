#pragma once

#include "base/clock.h"
#include "base/cursor.h"

namespace cc::journal {

/// Where the journal stands.
struct Position {
  Epoch epoch;
  Seq head = 0;        // of the newest entry; 0: none was ever written
  Seq oldest = 0;      // of the oldest that can be read in this epoch; head + 1 where there is none
  TimeMs last_at = 0;  // of the newest entry; 0: none
};

}  // namespace cc::journal
