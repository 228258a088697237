#pragma once
// What can be told to a gateway: one table of kinds of commands. Who may, on what, with which
// parameters, which right at the gateway it takes, whether it may be repeated, how long it may
// take. The API's checks, the document, the help and the forms follow from it.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/clock.h"

namespace cc::command {

/// Who may, besides those above.
enum class By { kOperator, kAdmin };

/// What a command acts on, by the name of its member of `target`. Combined with `|`.
enum Targets : std::uint8_t {
  kNothing = 1U << 0U,   // {}
  kApproval = 1U << 1U,  // {"approvalId"}
  kSession = 1U << 2U,   // {"sessionKey"}
  kAgent = 1U << 3U,     // {"agentId"}
  kJob = 1U << 4U,       // {"jobId"}
  kDevice = 1U << 5U,    // {"deviceId"}
  kRequest = 1U << 6U,   // {"requestId"}
};
[[nodiscard]] constexpr Targets operator|(Targets a, Targets b) {
  return static_cast<Targets>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}
/// The member that names a target; empty for kNothing.
[[nodiscard]] std::string_view member_of(Targets one);
/// The one target that a member names; kNothing where it is none.
[[nodiscard]] Targets target_named(std::string_view member);

enum class Form {
  kName,     // a line of text that names something; at most 512 bytes, without control characters
  kLine,     // a line of text, at most `most` bytes, without control characters
  kWords,    // what a person says: kept out of the row, which has its length and SHA-256
  kFlag,     // true or false
  kChoice,   // one of `words`
  kAnswers,  // {questionId: [text, …]}; each text is treated as kWords
  kObject,   // any JSON object, at most `most` bytes; the gateway checks what is in it
};

struct Param {
  std::string_view name;
  Form form = Form::kLine;
  bool required = false;
  bool nullable = false;  // null clears what it names
  std::size_t most = 512;
  std::string_view words = {};  // kChoice: separated by spaces
};

/// A right at the gateway.
enum class Scope { kRead, kWrite, kApprovals, kQuestions, kPairing, kAdmin, kNone };
/// As the wire spells it ("operator.write"); empty for kNone.
[[nodiscard]] std::string_view text(Scope scope);

/// Whether a command may be asked for again by itself, when the answer was lost.
enum class Repeat {
  kNever,
  kAlways,       // twice is the same as once
  kWithRun,      // the same, where the parameter `runId` is given
  kSameProcess,  // the gateway knows the command's id again as long as its process lives
};

struct Kind {
  std::string_view name;
  std::string_view help;  // a line for people
  By by = By::kAdmin;
  Targets targets = kNothing;
  std::span<const Param> params;
  Scope v3 = Scope::kAdmin;  // kNone: protocol 3 does not have it
  Scope v4 = Scope::kAdmin;
  Repeat repeat = Repeat::kNever;
  Millis waits{};           // for the gateway to be there; then it is expired
  Millis answers{};         // the answer; then it is unknown
  bool fleet_wide = false;  // without a gateway it is told to all of them

  [[nodiscard]] Scope scope_in(int protocol) const { return protocol < 4 ? v3 : v4; }
  /// Whether the row does not show all that the gateway is told.
  [[nodiscard]] bool has_words() const;
};

[[nodiscard]] std::span<const Kind> kinds();
/// Null where there is none.
[[nodiscard]] const Kind* find_kind(std::string_view name);

/// What we ask a gateway for (docs/configuration.md, CONTROL_CENTER_GATEWAY_ACCESS).
enum class Access { kRead, kOperate, kAdmin };
[[nodiscard]] std::string_view text(Access access);
[[nodiscard]] std::optional<Access> parse_access(std::string_view word);
/// Whether a gateway of this protocol is asked for the right.
[[nodiscard]] bool asks_for(Access access, Scope scope, int protocol);
/// The least access with which the kind can be sent.
[[nodiscard]] Access access_for(const Kind& kind, int protocol);

}  // namespace cc::command
