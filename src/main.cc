// The program's entry: hardens the process, hands over, and turns what nobody caught into one line.

#include <cstdlib>
#include <exception>
#include <iostream>
#include <vector>

#include <unistd.h>

#include "app/exit_code.h"
#include "app/process.h"
#include "app/program.h"

/// https://no-color.org
static bool shows_colours() {
  const char* unwanted = std::getenv("NO_COLOR");
  return ::isatty(STDOUT_FILENO) == 1 && (unwanted == nullptr || *unwanted == '\0');
}

int main(int argc, char** argv) {
  cc::app::harden_process();
  try {
    const std::vector<std::string> args(argv + 1, argv + argc);
    return cc::app::run_program(args, cc::app::read_environment(environ), std::cout, std::cerr,
                                {.colour = shows_colours()});
  } catch (const std::exception& failure) {
    std::cerr << "control-center: " << failure.what() << "\n";
    return cc::app::kExitProblem;
  }
}
