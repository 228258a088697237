#pragma once
// Rules for commands: what becomes of their rows. Part of `merge`.
//
//   accepted ──due──▶ sent ──answered──▶ done, refused, unknown
//      │                └──it never left──▶ accepted
//      └──its time passed, or what was said is lost──▶ expired
//   unknown ──what is seen afterwards tells──▶ done, refused

#include <optional>
#include <string>
#include <string_view>

#include "fleet/observation.h"
#include "fleet/rules/draft.h"

namespace cc::fleet {

/// A decision of ours, as the gateway names us.
inline constexpr std::string_view kOurName = "Control Center";
/// So long an ended command stays.
inline constexpr TimeMs kCommandStays = 7LL * 24 * 60 * 60 * 1000;

/// A gateway is a guest-house: so many of ours at once.
inline constexpr std::size_t kMostInFlight = 8;
/// Whether its author may take it back for a moment: a decision from the dashboard.
[[nodiscard]] bool has_second_thoughts(const Command& command);
/// Whether nothing stands between a command and its gateway: then one commit says that it was given
/// and that it is due.
[[nodiscard]] bool goes_at_once(const Overlay& view, const Command& given);

class CommandRules {
 public:
  CommandRules(const Overlay& view, Draft& draft, TimeMs now)
      : view_(view), draft_(draft), now_(now) {}

  void given(const CommandGiven& what);
  void withdrawn(const CommandWithdrawn& what);
  void due(const CommandDue& what);
  void answered(const CommandAnswered& what);
  /// This process began: nobody waits for an answer any more, and what persons said is gone.
  void restarted();
  /// A run shows itself that has the id of a message that was sent.
  void run_seen(std::string_view run_id);
  /// What waits for the gateway for too long has expired; what ended long ago goes. What is seen of
  /// sessions settles what is unknown.
  void time_passed();

  // -- for ApprovalRules

  /// The author of ours whose decision this is; null where there is none.
  [[nodiscard]] const Command* decider(std::string_view approval, std::string_view decision) const;
  /// An approval ended so: commands about it whose fate is unknown are settled.
  void approval_ended(std::string_view approval, std::string_view decision);

 private:
  void end(Command& row, CommandStatus status, std::string detail);
  void decided(const Command& command);
  void overtaken(Command& row);
  /// Empty where its approval does not tell.
  [[nodiscard]] std::optional<bool> was_decided_so(const Command& row) const;
  [[nodiscard]] bool is_overdue(const Command& row) const;
  [[nodiscard]] bool is_late(const Command& row) const;
  [[nodiscard]] bool is_settled_by_session(const Command& row) const;
  [[nodiscard]] bool is_old(const Command& row) const;
  void time_passed_for(const std::string& id);

  const Overlay& view_;
  Draft& draft_;
  const TimeMs now_;
};

}  // namespace cc::fleet
