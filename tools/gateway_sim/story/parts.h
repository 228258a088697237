#pragma once
// The events that both protocols know, with their few differences.

#include <functional>
#include <string_view>

#include "gateway_sim/json.h"
#include "gateway_sim/story/event.h"
#include "gateway_sim/story/rows.h"

namespace cc::sim {

/// A session before and after the step, and the run that made it.
struct Scene {
  const Session& before;
  const Session& after;
  const Run& run;
  TimeMs now;
};

class StoryParts {
 public:
  StoryParts(Protocol protocol, bool slim_rows) : protocol_(protocol), slim_(slim_rows) {}

  using Write = std::function<void(JsonWriter&)>;

  [[nodiscard]] Protocol protocol() const { return protocol_; }

  /// An `agent` event; `data` fills its object. `seq` is the run's counter.
  [[nodiscard]] Event agent(const Scene& scene, std::string_view stream, std::int64_t seq,
                            const Write& data) const;
  [[nodiscard]] Event started(const Scene& scene, std::int64_t seq) const;
  /// The run was aborted by a call.
  [[nodiscard]] Event cancelled(const Scene& scene) const;
  [[nodiscard]] Event assistant(const Scene& scene, std::string_view delta) const;
  /// A `chat` event; `rest` adds what the state brings.
  [[nodiscard]] Event chat(const Scene& scene, std::string_view state, std::int64_t seq,
                           const Write& rest) const;
  [[nodiscard]] Event chat_delta(const Scene& scene, std::string_view delta) const;
  [[nodiscard]] Event chat_final(const Scene& scene) const;
  [[nodiscard]] Event chat_error(const Scene& scene) const;
  [[nodiscard]] Event chat_aborted(const Scene& scene) const;

  /// sessions.changed of a run: `phase`, with `session` and the flat copy. `shown` is the row.
  [[nodiscard]] Event phase(const Session& shown, const Run* run, std::string_view name, TimeMs now,
                            bool runs_unknown = false) const;
  /// sessions.changed with a `reason` and, on protocol 4 alone, `session`.
  [[nodiscard]] Event reason(const Session& shown, std::string_view why, bool catalog_changed,
                             TimeMs now, bool runs_unknown = false) const;
  /// session.message with a row beside it.
  [[nodiscard]] Event message(const Scene& scene, const Session& shown, std::string_view role,
                              std::string_view text) const;
  [[nodiscard]] Event approval_requested(const Approval& approval) const;
  [[nodiscard]] Event approval_resolved(const Approval& approval, std::string_view decision,
                                        std::string_view by, TimeMs now) const;

 private:
  [[nodiscard]] RowStyle style(TimeMs now, bool runs_unknown) const;

  const Protocol protocol_;
  const bool slim_;
};

/// How long after an abort a run is over.
inline constexpr Millis kAbortSettles{80};

/// Goes out later, and only if nothing newer ran in the session.
[[nodiscard]] Event later(Event event, Millis delay, const Run& run);

}  // namespace cc::sim
