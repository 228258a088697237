#pragma once
// How much of the processors a hypervisor gave to others: noise that no repetition shows.

#include <cstdint>

namespace cc::bench {

/// From its construction on.
class StolenTime {
 public:
  StolenTime();
  /// Of the time of all processors; 0 on a machine that is not virtual.
  [[nodiscard]] double share() const;

 private:
  struct Ticks {
    std::uint64_t all = 0;
    std::uint64_t stolen = 0;
  };
  [[nodiscard]] static Ticks now();

  Ticks begun_;
};

}  // namespace cc::bench
