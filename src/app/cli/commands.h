#pragma once
// The commands, one function each. All block until they are done.

#include <ostream>

#include "app/cli/command_line.h"
#include "app/config/config.h"
#include "app/config/load.h"
#include "app/exit_code.h"
#include "app/supervisor.h"
#include "base/clock.h"

namespace cc::app {

struct Console {
  std::ostream& out;
  std::ostream& err;
  bool colour = false;  // `out` is a terminal that shows colours

  /// The one line that says why a command ends like this.
  [[nodiscard]] ExitCode end(ExitCode code, std::string_view line) const {
    err << "control-center: " << line << std::endl;
    return code;
  }
  /// Whether all that was printed got where it was to go. A command whose output was lost has
  /// failed.
  [[nodiscard]] bool delivered() const {
    out.flush();
    return out.good();
  }
  [[nodiscard]] ExitCode end_undelivered(std::string_view consequence = {}) const {
    return end(kExitProblem,
               "cannot write to standard output: it is full or closed" + std::string(consequence));
  }
};

/// Tells `supervisor` how it is.
/// Serves until SIGTERM or SIGINT; the second of them ends the process at once.
[[nodiscard]] ExitCode serve(Config config, const Supervisor& supervisor, const Console& console);
/// One finding per line. Takes what is to be configured, since a wrong configuration is a finding
/// too.
[[nodiscard]] ExitCode doctor(const Sources& sources, const Console& console);
[[nodiscard]] ExitCode events(const Config& config, const EventsArguments& arguments,
                              const Console& console);
[[nodiscard]] ExitCode create_token(const Config& config, const TokenArguments& arguments,
                                    const Console& console);
[[nodiscard]] ExitCode list_tokens(const Config& config, const Console& console);
[[nodiscard]] ExitCode revoke_token(const Config& config, const TokenArguments& arguments,
                                    const Console& console);
/// What waits for a person, what expires first on top.
[[nodiscard]] ExitCode list_approvals(const Config& config, const Console& console);
/// The latest commands.
[[nodiscard]] ExitCode list_commands(const Config& config, const Console& console);
/// Tells a gateway something and waits for the outcome: kExitClean, kExitProblem (refused, or never
/// sent), kExitUnknown.
[[nodiscard]] ExitCode tell(const Config& config, const TellArguments& arguments,
                            const Console& console);
[[nodiscard]] ExitCode back_up(const Config& config, const std::filesystem::path& file,
                               const Console& console);

/// Whether the server that runs on the data directory can serve (`/readyz`), within seconds.
[[nodiscard]] ExitCode health(const Config& config, const Console& console);
/// Commands and settings as JSON, from the tables that `--help` comes from.
[[nodiscard]] std::string describe();

/// Whether the system's resolver knows the host. Blocks.
[[nodiscard]] bool resolves(const std::string& host);

}  // namespace cc::app
