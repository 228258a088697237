#include "app/cli/command_line.h"

#include <algorithm>
#include <map>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/config/forms.h"
#include "base/json_writer.h"
#include "base/text.h"

namespace cc::app {
namespace {

std::unexpected<Stop> usage(std::string line) {
  return std::unexpected(Stop{2, std::move(line)});
}

constexpr std::string_view kSettingsGroup = "Settings";

constexpr std::string_view kExitCodes =
    "Exit codes: 0 done (serve: a clean stop), 1 it could not do what was asked, 2 usage or\n"
    "configuration, 3 the database cannot be opened or is in use, 4 the address is taken.\n"
    "What tells a gateway something: 0 done, 1 refused or expired, 3 not known whether it was "
    "done.\n";

constexpr std::string_view kServeExamples =
    "Examples:\n"
    "  OPENCLAW_GATEWAY_TOKEN_FILE=~/gateway-token control-center serve\n"
    "  control-center serve --ws-gateway-url wss://gateway.example/ --listen 127.0.0.1:9000\n"
    "  control-center serve --config /etc/control-center.toml\n";

/// Of a command that is not `serve`.
std::string footer(std::string_view examples) {
  return fmt::format(
      "Every setting of serve counts here too, above all --config FILE and --data-dir DIR; see\n"
      "control-center serve --help.\n\nExamples:\n{}\n{}",
      examples, kExitCodes);
}

std::string serve_footer() {
  return fmt::format("{}\n{}\n{}", settings_help(), kServeExamples, kExitCodes);
}

/// The footer tells the settings, with their variables, so the list of options leaves them out.
class HelpFormatter final : public CLI::Formatter {
 public:
  std::string make_group(std::string group, bool positional,
                         std::vector<const CLI::Option*> options) const override {
    if (group == kSettingsGroup) return {};
    return CLI::Formatter::make_group(std::move(group), positional, std::move(options));
  }
};

// CLI11 takes the argument after `--flag=` for its value; two arguments say what is meant.
std::vector<std::string> with_empty_values(std::span<const std::string> args) {
  std::vector<std::string> out;
  for (const auto& arg : args) {
    const bool is_empty_value = arg.starts_with("--") && arg.ends_with('=');
    out.push_back(is_empty_value ? arg.substr(0, arg.size() - 1) : arg);
    if (is_empty_value) out.emplace_back();
  }
  return out;
}

/// QUESTION=TEXT, several of one question together: {"QUESTION":["TEXT"]}.
std::string answers_as_json(const std::vector<std::string>& answers) {
  std::map<std::string, std::vector<std::string>> texts;
  for (const auto& answer : answers) {
    const auto sign = std::min(answer.find('='), answer.size());
    texts[answer.substr(0, sign)].push_back(answer.substr(std::min(sign + 1, answer.size())));
  }
  std::string json;
  JsonWriter out(json);
  out.begin_object();
  for (const auto& [question, all] : texts) {
    out.key(question).begin_array();
    for (const auto& text : all) out.value(text);
    out.end_array();
  }
  out.end_object();
  return json;
}

/// The grammar, and what CLI11 found of it.
class Grammar {
 public:
  Grammar() {
    root_.name("control-center");
    root_.formatter(std::make_shared<HelpFormatter>());
    root_.allow_extras();
    root_.require_subcommand(0, 1);
    root_.add_option("--config", file_, "The configuration file (TOML)")->type_name("FILE");
    root_.add_flag("--version", version_, "Print the version and exit");
    add_settings();
    add_commands();
    root_.footer(settings_help() + "\nSeveral gateways are [[gateway]] tables in the file.\n\n" +
                 std::string(kServeExamples) + "\n" + std::string(kExitCodes));
  }

  std::expected<CommandLine, Stop> parse(std::span<const std::string> args) {
    try {
      auto words = with_empty_values(args);
      std::ranges::reverse(words);
      root_.parse(std::move(words));
    } catch (const CLI::CallForHelp&) {
      return std::unexpected(Stop{0, help()});
    } catch (const CLI::ParseError& error) {
      return usage(fmt::format("{}; see control-center --help", clean_text(error.what())));
    }
    return found();
  }

  [[nodiscard]] std::vector<CommandWords> words() const {
    std::vector<CommandWords> out;
    for (const auto* command : shown_commands(root_)) add_words(*command, "", out);
    return out;
  }

 private:
  static std::vector<const CLI::App*> shown_commands(const CLI::App& parent) {
    return parent.get_subcommands(
        [](const CLI::App* command) { return !command->get_group().empty(); });
  }

  static void add_words(const CLI::App& command, const std::string& above,
                        std::vector<CommandWords>& out) {
    const auto name = above + command.get_name();
    const auto below = shown_commands(command);
    if (below.empty()) out.push_back({name, command.get_description(), option_words(command)});
    for (const auto* one : below) add_words(*one, name + " ", out);
  }

  static std::vector<OptionWords> option_words(const CLI::App& command) {
    std::vector<OptionWords> out;
    for (const auto* option : command.get_options()) {
      if (option == command.get_help_ptr()) continue;
      const auto value = option->get_expected_max() == 0 ? "" : option->get_type_name();
      out.push_back({option->get_positional() ? value : option->get_name(), value,
                     option->get_description()});
    }
    return out;
  }

  CLI::App* add(std::string name, std::string help, CLI::App& parent) {
    auto* command = parent.add_subcommand(std::move(name), std::move(help));
    command->fallthrough();
    command->allow_extras();
    return command;
  }

  void add_settings() {
    flags_.resize(settings().size());
    std::size_t i = 0;
    for (const auto& setting : settings()) {
      root_.add_option(flag_of(setting), flags_[i++])
          ->group(std::string(kSettingsGroup))
          ->type_name("VALUE");
    }
  }

  void add_commands() {
    auto* serve = add("serve", "Run the server (the default)", root_);
    serve->footer(serve_footer());
    add("doctor", "Check whatever would stop serve, and the gateways; say what to do", root_)
        ->footer(footer("  control-center doctor\n"
                        "  control-center doctor --config /etc/control-center.toml\n"));
    add_events();
    add_token();
    auto* backup = add("backup", "Write a consistent copy of the database to a new file", root_);
    backup->add_option("file", backup_, "The file to be made")->required()->type_name("FILE");
    backup->footer(footer("  control-center backup ~/control-center-$(date +%F).db\n"));
    add_tell();
    add("health", "Ask the running server whether it can serve; the exit code says it", root_)
        ->footer(footer("  control-center health\n"));
    add("version", "Print the version", root_);
    // For whoever makes manual pages and completions; no group: not in the help.
    add("describe", "Print commands and settings as JSON", root_)->group("");
  }

  /// Each waits for the outcome.
  void add_tell() {
    const auto examples = footer(
        "  control-center approvals\n"
        "  control-center approve cfc039c7-6687-44e2-b444-958debe6cb81\n"
        "  control-center send agent:main:main \"Go on.\"\n"
        "  control-center stop --agent main\n"
        "  control-center command session.patch --target sessionKey=agent:main:main --param "
        "label=Home\n");
    add("approvals", "List what waits for a person", root_)->footer(examples);
    add("commands", "List the latest commands and what became of them", root_)->footer(examples);
    add_decision("approve", "Let an agent do once what it asks for", examples);
    add_decision("deny", "Do not let an agent do what it asks for", examples);
    for (auto* one : {add_answer(), add_send(), add_stop(), add_command()}) {
      add_tell_options(*one, examples);
    }
  }

  CLI::App* add_answer() {
    auto* answer = add("answer", "Answer an agent's question", root_);
    answer->add_option("id", id_, "Of the question")->required()->type_name("ID");
    answer->add_option("answers", answers_, "For each question: its id, =, the answer")
        ->required()
        ->type_name("QUESTION=TEXT");
    return answer;
  }

  CLI::App* add_send() {
    auto* send = add("send", "Say something in a session", root_);
    send->add_option("session", id_, "Its key")->required()->type_name("SESSION");
    send->add_option("text", text_, "What to say")->required()->type_name("TEXT");
    return send;
  }

  CLI::App* add_stop() {
    auto* stop = add("stop", "Stop all that runs: of a session, an agent or a gateway", root_);
    stop->add_option("--agent", agent_, "Only of this agent")->type_name("ID");
    stop->add_option("--session", id_, "Only in this session")->type_name("KEY");
    return stop;
  }

  CLI::App* add_command() {
    auto* command =
        add("command", "Tell a gateway anything that there is a kind of command for", root_);
    command->add_option("kind", tell_.kind, "Such as session.patch; docs/protocol/commands.md")
        ->required()
        ->type_name("KIND");
    command->add_option("--target", tell_.target, "What it acts on: sessionKey=…, agentId=…")
        ->type_name("MEMBER=ID");
    command->add_option("--param", tell_.params, "NAME=TEXT, or NAME:=JSON; may be repeated")
        ->type_name("NAME=TEXT");
    return command;
  }

  void add_decision(std::string name, std::string help, const std::string& examples) {
    auto* command = add(std::move(name), std::move(help), root_);
    command->add_option("id", id_, "Of the approval")->required()->type_name("ID");
    add_tell_options(*command, examples);
  }

  void add_tell_options(CLI::App& command, const std::string& examples) {
    command.footer(examples);
    command.add_option("--gateway", tell_.gateway, "Its name, where it is not the only one")
        ->type_name("NAME");
    command.add_option("--key", tell_.key, "An Idempotency-Key: the same again is told once")
        ->type_name("KEY");
  }

  /// The short forms are kinds of commands too.
  TellArguments tell() const {
    TellArguments tell = tell_;
    const auto& name = asked_command().get_name();
    if (name == "approve" || name == "deny") {
      tell.kind = "approval.decide";
      tell.target = "approvalId=" + id_;
      tell.params = {name == "approve" ? "decision=allow-once" : "decision=deny"};
    } else if (name == "answer") {
      tell.kind = "question.answer";
      tell.target = "approvalId=" + id_;
      tell.params = {"answers:=" + answers_as_json(answers_)};
    } else if (name == "send") {
      tell.kind = "session.send";
      tell.target = "sessionKey=" + id_;
      tell.params = {"text=" + text_};
    } else if (name == "stop") {
      tell.kind = "stop";
      if (!agent_.empty()) tell.target = "agentId=" + agent_;
      if (!id_.empty()) tell.target = "sessionKey=" + id_;
    }
    return tell;
  }

  void add_events() {
    auto* events = add("events", "Print the journal, one change set in JSON per line", root_);
    events->footer(
        footer("  control-center events --follow\n"
               "  control-center events --after k3f9x2ab-1042\n"
               "  control-center events | jq -r .cause | sort | uniq -c\n"));
    events->add_flag("--follow", events_.follow, "Go on with what happens, across reconnects");
    events
        ->add_option("--after", events_.after,
                     "Begin after this cursor (EPOCH-SEQ; 0: the oldest kept). Default: the oldest "
                     "kept, and with --follow from now on")
        ->type_name("CURSOR");
  }

  void add_token() {
    auto* token = add("token", "Tokens for programs and people", root_);
    token->require_subcommand(1);
    const auto examples = footer(
        "  control-center token create dashboard --role viewer --expires-in 30d > token\n"
        "  control-center token list\n"
        "  control-center token revoke dashboard\n");
    token->footer(examples);
    auto* create = add("create", "Make a token; it is printed once", *token);
    create->add_option("name,--name", token_.name, "What it is for")->required()->type_name("NAME");
    create->add_option("--role", token_.role, "viewer, operator or admin")
        ->check(CLI::IsMember({"viewer", "operator", "admin"}))
        ->capture_default_str()
        ->type_name("ROLE");
    create->add_option("--expires-in", lifetime_, "A duration such as 12h or 30d. Default: never")
        ->type_name("DURATION");
    add("list", "List the tokens, without their secrets", *token)->footer(examples);
    create->footer(examples);
    auto* revoke = add("revoke", "Revoke a token", *token);
    revoke->footer(examples);
    revoke->add_option("id", token_.id, "Its id or its name, as `token list` shows them")
        ->required()
        ->type_name("ID|NAME");
  }

  [[nodiscard]] const CLI::App& asked_command() const {
    const CLI::App* command = &root_;
    while (!command->get_subcommands().empty()) command = command->get_subcommands().front();
    return *command;
  }

  // CLI11 names only the last word of `token create` by itself.
  [[nodiscard]] std::string help() const {
    const CLI::App& command = asked_command();
    std::string words;
    for (const CLI::App* above = command.get_parent(); above != nullptr;
         above = above->get_parent()) {
      words = above->get_name() + (words.empty() ? "" : " ") + words;
    }
    return command.help(words);
  }

  std::expected<CommandLine, Stop> found() {
    if (const auto extra = first_extra()) return usage(*extra);
    CommandLine line{command(), collect_flags(), {}, events_, token_, backup_, tell()};
    if (!file_.empty()) line.file = file_;
    if (version_) line.command = Command::kVersion;
    if (lifetime_.empty()) return line;
    const auto lifetime = parse_duration(lifetime_);
    if (!lifetime || lifetime->count() == 0) {
      return usage(fmt::format("--expires-in: \"{}\" {}; use a duration such as 12h or 30d",
                               clean_text(lifetime_),
                               lifetime ? "is nothing" : lifetime.error().message));
    }
    line.token.lifetime = *lifetime;
    return line;
  }

  // What follows the `=` may be a secret that only its key was misspelled for.
  std::optional<std::string> first_extra() const {
    const auto extras = root_.remaining(true);
    if (extras.empty()) return std::nullopt;
    auto name = extras.front().substr(0, extras.front().find('='));
    const bool is_flag = name.starts_with('-');
    return fmt::format("{}: unknown {}; control-center --help lists what there is",
                       clean_text(name), is_flag ? "flag" : "command or argument");
  }

  [[nodiscard]] Values collect_flags() const {
    Values values;
    std::size_t i = 0;
    for (const auto& setting : settings()) {
      const auto flag = flag_of(setting);
      const auto& value = flags_[i++];
      if (root_.count(flag) > 0) values.emplace(setting.variable, Written{flag, value});
    }
    return values;
  }

  [[nodiscard]] Command command() const {
    struct Name {
      std::string_view name;
      Command command;
    };
    static constexpr std::array kNames{
        Name{"serve", Command::kServe},         Name{"doctor", Command::kDoctor},
        Name{"events", Command::kEvents},       Name{"create", Command::kTokenCreate},
        Name{"list", Command::kTokenList},      Name{"revoke", Command::kTokenRevoke},
        Name{"backup", Command::kBackup},       Name{"version", Command::kVersion},
        Name{"approvals", Command::kApprovals}, Name{"commands", Command::kCommands},
        Name{"approve", Command::kTell},        Name{"deny", Command::kTell},
        Name{"answer", Command::kTell},         Name{"send", Command::kTell},
        Name{"stop", Command::kTell},           Name{"command", Command::kTell},
        Name{"health", Command::kHealth},       Name{"describe", Command::kDescribe},
    };
    const auto found = std::ranges::find(kNames, asked_command().get_name(), &Name::name);
    return found == kNames.end() ? Command::kServe : found->command;
  }

  CLI::App root_{"Keeps watch over OpenClaw gateways and tells what they do, live."};
  std::string file_;
  bool version_ = false;
  std::vector<std::string> flags_;
  EventsArguments events_;
  TokenArguments token_;
  std::string lifetime_;
  TellArguments tell_;
  std::string id_;
  std::string text_;
  std::string agent_;
  std::vector<std::string> answers_;
  std::filesystem::path backup_;
};

}  // namespace

std::vector<CommandWords> command_words() {
  return Grammar().words();
}

std::expected<CommandLine, Stop> parse_command_line(std::span<const std::string> args) {
  return Grammar().parse(args);
}

}  // namespace cc::app
