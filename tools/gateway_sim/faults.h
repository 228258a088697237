#pragma once
// What is wrong with the gateway at the moment, on purpose. Faults that strike once (a cut, a gap,
// a bad frame) are done when they are asked for; here stand those that last.

#include <map>
#include <optional>
#include <string>

#include "gateway_sim/door/refusal.h"

namespace cc::sim {

/// Something that holds for the next n times, or until it is cleared.
template <class T>
class Lasting {
 public:
  void set(T value, std::optional<int> times) {
    value_ = std::move(value);
    left_ = times.value_or(-1);
  }
  void clear() { value_.reset(); }
  [[nodiscard]] const std::optional<T>& peek() const { return value_; }
  /// Uses it up by one.
  [[nodiscard]] std::optional<T> take() {
    if (!value_) return std::nullopt;
    std::optional<T> taken = value_;
    if (left_ > 0 && --left_ == 0) value_.reset();
    return taken;
  }

 private:
  std::optional<T> value_;
  int left_ = -1;
};

/// What happens to events before they are numbered, so that no gap tells of it. In percent, of
/// those that say something about the fleet.
struct LossyEvents {
  unsigned drop = 0;
  unsigned delay = 0;
  unsigned twice = 0;
  unsigned reorder = 0;  // sent after the one that follows
  Millis longest{2000};  // delay

  enum class Fate { kSent, kDropped, kDelayed, kDoubled, kReordered };
  [[nodiscard]] Fate fate(unsigned roll) const {
    if (roll < drop) return Fate::kDropped;
    if (roll < drop + delay) return Fate::kDelayed;
    if (roll < drop + delay + twice) return Fate::kDoubled;
    return roll < drop + delay + twice + reorder ? Fate::kReordered : Fate::kSent;
  }
};

/// What goes wrong with one call of a client.
struct CallFault {
  enum class Kind {
    kRefused,     // and nothing is done
    kDropBefore,  // the link is cut, and nothing is done
    kDropAfter,   // it is done, and the link is cut before the answer
    kLost,        // it is done, and no answer comes
    kTwice,       // it is done twice
    kRaced,       // another operator is faster, with the other decision
  };
  Kind kind = Kind::kRefused;
  std::string method;  // only of this one; empty: of all
  Refusal refusal;     // kRefused
};

struct Faults {
  bool hanging = false;        // connections stay open and nothing comes, not even pongs
  bool mute = false;           // nothing is sent, but pings are answered
  Millis slow{0};              // each answer comes this much later
  std::string slow_method;     // only of this method; empty: of all
  Lasting<CallFault> calls;    // of those that were let in
  Lasting<Refusal> refuse;     // connects
  Lasting<int> http_status;    // upgrades
  Lasting<int> rest_status;    // GET /api/agents
  Lasting<bool> moving_total;  // sessions.list pages after the first tell another total
  Lasting<bool> wrong_types;   // sessions.list rows have a wrong type in every field
  LossyEvents events;
  TimeMs starting_until = 0;  // connects are told that the gateway starts

  void clear() { *this = Faults{}; }
};

}  // namespace cc::sim
