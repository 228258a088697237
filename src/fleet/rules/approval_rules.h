#pragma once
// Rules for the rows of approvals and questions. Which agents wait for one is told by their runs
// (approval_book.h); here is what a person may decide, and what became of it. Part of `merge`.

#include <string>
#include <string_view>

#include "fleet/observation.h"
#include "fleet/rules/draft.h"

namespace cc::fleet {

class CommandRules;

/// So long a decided one stays.
inline constexpr TimeMs kApprovalStays = 24LL * 60 * 60 * 1000;
/// The gateway says by itself that one has expired, if it does; our clock waits so much longer.
inline constexpr TimeMs kExpiryGrace = 2000;

/// What a decision, an answer or a cancellation makes of it.
[[nodiscard]] ApprovalStatus status_of(std::string_view decision);

class ApprovalRules {
 public:
  ApprovalRules(Draft& draft, CommandRules& commands, TimeMs now)
      : draft_(draft), commands_(commands), now_(now) {}

  void asked(const ApprovalPatch& patch);
  void resolved(const ApprovalResolved& what);
  void listed(const ApprovalList& list);
  /// `by`: one of our authors, or who the gateway says; empty: nobody is known.
  void ended(std::string_view id, ApprovalStatus status, std::string_view decision,
             std::string_view by);
  /// The gateway does not know it any more.
  void gone(std::string_view id);
  /// The run of one is known. On protocol 3 only its events tell.
  void run_waits(std::string_view id, std::string_view run);
  void time_passed();

 private:
  [[nodiscard]] bool has_expired(const Approval& row) const;
  [[nodiscard]] bool is_old(const Approval& row) const;

  Draft& draft_;
  CommandRules& commands_;
  const TimeMs now_;
};

}  // namespace cc::fleet
