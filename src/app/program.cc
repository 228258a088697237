#include "app/program.h"

#include <ostream>

#include <fmt/format.h>

#include "app/cli/command_line.h"
#include "app/cli/commands.h"
#include "app/version.h"

namespace cc::app {
namespace {

ExitCode run_configured(const CommandLine& line, const Environment& environment, Config config,
                        const Console& console) {
  switch (line.command) {
    case Command::kEvents: return events(config, line.events, console);
    case Command::kTokenCreate: return create_token(config, line.token, console);
    case Command::kTokenList: return list_tokens(config, console);
    case Command::kTokenRevoke: return revoke_token(config, line.token, console);
    case Command::kApprovals: return list_approvals(config, console);
    case Command::kCommands: return list_commands(config, console);
    case Command::kTell: return tell(config, line.tell, console);
    case Command::kBackup: return back_up(config, line.backup_file, console);
    case Command::kHealth: return health(config, console);
    default: return serve(std::move(config), Supervisor(environment), console);
  }
}

ExitCode run(const CommandLine& line, const Environment& environment, const Console& console) {
  if (line.command == Command::kVersion) {
    console.out << fmt::format("control-center {}\n", kProgramVersion);
    return kExitClean;
  }
  if (line.command == Command::kDescribe) {
    console.out << describe() << "\n";
    return kExitClean;
  }
  const Sources sources{line.flags, environment, line.file};
  if (line.command == Command::kDoctor) return doctor(sources, console);
  auto config = load_config(sources);
  if (!config) return console.end(kExitUsage, config.error().message);
  return run_configured(line, environment, std::move(*config), console);
}

/// The one place that notices output that was lost, whatever the command.
ExitCode delivered(ExitCode code, const Console& console) {
  if (console.delivered() || code != kExitClean) return code;
  return console.end_undelivered();
}

}  // namespace

int run_program(std::span<const std::string> args, const Environment& environment,
                std::ostream& out, std::ostream& err, const Terminal& terminal) {
  const Console console{out, err, terminal.colour};
  const auto line = parse_command_line(args);
  if (line) return delivered(run(*line, environment, console), console);
  const auto& stop = line.error();
  if (stop.code != 0) return console.end(kExitUsage, stop.text);
  out << stop.text;
  return delivered(kExitClean, console);
}

}  // namespace cc::app
