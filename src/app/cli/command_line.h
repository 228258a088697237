#pragma once
// The parsed command line: the command, its arguments, and the settings given as flags.

#include <expected>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/config/sources.h"

namespace cc::app {

enum class Command {
  kServe,
  kDoctor,
  kEvents,
  kTokenCreate,
  kTokenList,
  kTokenRevoke,
  kBackup,
  kApprovals,
  kCommands,
  kTell,
  kHealth,
  kVersion,
  kDescribe,
};

struct EventsArguments {
  bool follow = false;
  std::string after;  // a cursor, or "0"; empty: the oldest kept, or from now on with `follow`
};

struct TokenArguments {
  std::string name;
  std::string role = "viewer";
  std::optional<Millis> lifetime;
  std::string id;
};

/// Something for a gateway. The gateway of an approval or a session need not be named where only
/// one has it.
struct TellArguments {
  std::string kind;                 // of a command (command/kinds.h)
  std::string gateway;              // empty: see above
  std::string target;               // MEMBER=ID; empty: nothing
  std::vector<std::string> params;  // NAME=TEXT, or NAME:=JSON
  std::string key;                  // Idempotency-Key; empty: none
};

struct CommandLine {
  Command command = Command::kServe;
  Values flags;
  std::optional<std::filesystem::path> file;  // --config
  EventsArguments events;
  TokenArguments token;
  std::filesystem::path backup_file;
  TellArguments tell;
};

/// No command runs: help was asked for (code 0, text for standard output), or the line is wrong
/// (code 2, one line).
struct Stop {
  int code = 0;
  std::string text;
};

/// `args` without the program's name.
[[nodiscard]] std::expected<CommandLine, Stop> parse_command_line(
    std::span<const std::string> args);

/// An option or argument of a command, in words.
struct OptionWords {
  std::string name;   // `--role`, or `FILE` where it has a place instead of a name
  std::string value;  // what it takes; empty: nothing
  std::string help;
};

/// A command, in words: for manual pages and completions.
struct CommandWords {
  std::string name;  // `token create`
  std::string help;
  std::vector<OptionWords> options;  // its own, without the settings
};

/// The commands that `--help` shows.
[[nodiscard]] std::vector<CommandWords> command_words();

}  // namespace cc::app
