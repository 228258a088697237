#pragma once
// How the versions of the gateway's protocol differ (docs/protocol/gateway.md), as values. Whoever
// must treat versions differently asks what the gateway does, not which number it speaks.

namespace cc::gateway::protocol {

/// What one version does. Each member is named after what is true where it is set.
struct Dialect {
  // -- runs
  /// A run that fails is tried again for some 15 s. A chat error says when the gateway gave up.
  bool retries_failed_runs = false;
  /// Chat events alone say that a run ended, failed or was stopped.
  bool chat_tells_of_ends = false;
  /// A row can say `running` for ever of a run that a crash of the gateway cut off.
  bool crash_leaves_running = false;

  // -- approvals
  /// They are told in the stream `approval` of agent events.
  bool tells_approvals_in_stream = false;
  /// The run that asks ends while its approval waits. A run of its own follows the decision.
  bool approvals_outlive_runs = false;

  // -- events
  /// `sessions.changed` with phase `message` shows status, start and end of before the run.
  bool message_rows_are_stale = false;
  /// A delete is told a second time, without the session's key.
  bool repeats_deletes = false;
  /// No event tells that agents changed. `health` names them.
  bool agents_change_silently = false;

  // -- lists
  /// `sessions.list` answers in pages, and knows `archived` and `includeDerivedTitles`. Otherwise
  /// one answer holds all that can be had, and the gateway stands still while it makes it.
  bool lists_in_pages = false;
};

inline constexpr Dialect kDialectV3{.retries_failed_runs = true,
                                    .chat_tells_of_ends = true,
                                    .crash_leaves_running = true,
                                    .tells_approvals_in_stream = true,
                                    .approvals_outlive_runs = true,
                                    .message_rows_are_stale = true,
                                    .agents_change_silently = true};

inline constexpr Dialect kDialectV4{.repeats_deletes = true, .lists_in_pages = true};

/// Of the version that a hello names. Versions newer than we know are read as the newest we know.
[[nodiscard]] constexpr const Dialect& dialect_of(int version) {
  return version < 4 ? kDialectV3 : kDialectV4;
}

}  // namespace cc::gateway::protocol
