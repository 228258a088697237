#pragma once
// Which sessions are to be read again by themselves, and when: a gateway writes the figures of a
// run after its last event, and a state that only an event can end is wrong when no event comes
// (docs/protocol/gateway.md, "What is verified").

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fleet/observation.h"
#include "gateway/timing.h"

namespace cc::gateway {

/// Pure: time is handed in. The caller does one reading at a time: `take`, then `answered` or
/// `failed` for each session of it.
class SessionChecks {
 public:
  explicit SessionChecks(const Timing& timing) : timing_(timing) {}

  /// A run ended: read the session until its figures are there and stay.
  void ended(const std::string& session, SteadyTime now);
  /// What is known of the session may be wrong: read it once, or until its row makes sense.
  void doubted(const std::string& session, SteadyTime now);
  /// An event told of it, so an answer that is under way may be older than what is known.
  void heard(std::string_view session);
  void forget() { waiting_.clear(); }

  /// When `take` will return something.
  [[nodiscard]] std::optional<SteadyTime> next_due() const;
  [[nodiscard]] std::size_t count_due(SteadyTime now) const;
  /// All that are due, to be read together.
  [[nodiscard]] std::vector<std::string> take(SteadyTime now);

  enum class Verdict {
    kOvertaken,  // the answer does not count; the session is read again
    kTaken,
    kFirm,  // the gateway has said the same for a while
  };
  [[nodiscard]] Verdict answered(const std::string& session, const fleet::SessionPatch* row,
                                 SteadyTime now);
  /// Nothing was learnt: it is tried again later, a few times.
  void failed(const std::string& session, SteadyTime now);

 private:
  struct Check {
    SteadyTime due;
    int step = 0;
    int failures = 0;
    bool awaits_figures = false;
    bool overtaken = false;
    std::uint64_t print = 0;  // of the row that was read last; 0: none yet
  };
  [[nodiscard]] Check* find(std::string_view session);
  void want(const std::string& session, SteadyTime due, bool awaits_figures);
  [[nodiscard]] Millis pause_after(int step) const;

  const Timing timing_;
  std::map<std::string, Check, std::less<>> waiting_;
  SteadyTime free_at_{};
};

}  // namespace cc::gateway
