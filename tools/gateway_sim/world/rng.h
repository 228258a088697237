#pragma once
// A seeded source of choices. The standard's distributions differ between libraries; these do not,
// so that one seed makes the same fleet and the same sequence everywhere.

#include <cstddef>
#include <cstdint>
#include <string>

namespace cc::sim {

class Rng {
 public:
  explicit Rng(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    state_ += 0x9E3779B97F4A7C15U;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9U;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBU;
    return mixed ^ (mixed >> 31U);
  }

  /// In [0, bound); `bound` is at least 1. The slight bias of the modulo is of no matter here.
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(next() % bound); }
  bool chance(unsigned percent) { return below(100) < percent; }

  template <class Container>
  const auto& pick(const Container& from) {
    return from[below(from.size())];
  }

  std::string hex(std::size_t digits) {
    std::string out;
    while (out.size() < digits) out += "0123456789abcdef"[next() & 0xFU];
    return out;
  }
  /// Shaped like a version 4 UUID.
  std::string uuid() {
    return hex(8) + '-' + hex(4) + "-4" + hex(3) + "-a" + hex(3) + '-' + hex(12);
  }

 private:
  std::uint64_t state_;
};

}  // namespace cc::sim
