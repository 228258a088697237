#pragma once
// How the program ends (README, "Exit codes").

#include <string>

namespace cc::app {

enum ExitCode : int {
  kExitClean = 0,
  kExitProblem = 1,  // a command could not do what it was asked for
  kExitUsage = 2,    // usage or configuration
  /// The database or its directory cannot be opened, is from a newer release or is in use.
  kExitDatabase = 3,
  kExitUnknown = 3,  // of a command for a gateway: its answer was lost
  kExitAddress = 4,  // the address is taken
};

/// Why the program ends, in one line.
struct Failure {
  ExitCode code = kExitProblem;
  std::string line;
};

}  // namespace cc::app
