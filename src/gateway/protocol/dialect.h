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

  // -- events
  /// `sessions.changed` with phase `message` shows status, start and end of before the run.
  bool message_rows_are_stale = false;
  /// A delete is told a second time, without the session's key.
  bool repeats_deletes = false;
  /// No event tells that agents changed. `health` names them.
  bool agents_change_silently = false;

  // -- lists
  /// `sessions.list` answers in pages, and knows `includeDerivedTitles`. Otherwise one answer holds
  /// all that can be had, and the gateway stands still while it makes it.
  bool lists_in_pages = false;
  /// `sessions.list` knows `archived`.
  bool lists_archived = false;
};

inline constexpr Dialect kDialectV3{.retries_failed_runs = true,
                                    .chat_tells_of_ends = true,
                                    .message_rows_are_stale = true,
                                    .agents_change_silently = true};

/// Protocol 4 in its first months (2026.5 and 2026.6).
inline constexpr Dialect kDialectEarlyV4{
    .repeats_deletes = true, .agents_change_silently = true, .lists_in_pages = true};

inline constexpr Dialect kDialectV4{
    .repeats_deletes = true, .lists_in_pages = true, .lists_archived = true};

/// Of a hello: the version that it names, and whether it shows which configuration is applied, as
/// gateways do that tell when it changes. Newer versions are read as the newest we know.
[[nodiscard]] constexpr const Dialect& dialect_of(int version, bool shows_configuration = true) {
  if (version < 4) return kDialectV3;
  return shows_configuration ? kDialectV4 : kDialectEarlyV4;
}

}  // namespace cc::gateway::protocol
