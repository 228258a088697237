#pragma once
// The program: reads what it is asked for, does it, and says how it ends.

#include <iosfwd>
#include <span>
#include <string>

#include "app/config/sources.h"

namespace cc::app {

/// What the standard streams are.
struct Terminal {
  bool colour = false;  // `out` is one that shows colours
};

/// `args` without the program's name. Returns the exit code. Errors that end it are one line on
/// `err`.
int run_program(std::span<const std::string> args, const Environment& environment,
                std::ostream& out, std::ostream& err, const Terminal& terminal = {});

}  // namespace cc::app
