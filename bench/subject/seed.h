#pragma once
// A database as a fleet leaves it after a while, made through the store as the program makes it.

#include <cstdint>
#include <filesystem>
#include <string>

#include "fleet/change_set.h"

namespace cc::bench {

struct FleetSize {
  std::size_t agents = 10'000;
  std::size_t sessions = 100'000;
  std::size_t entries = 1'000'000;  // in the journal, about

  [[nodiscard]] FleetSize divided_by(std::size_t n) const {
    return {.agents = agents / n, .sessions = sessions / n, .entries = entries / n};
  }
};

struct Seed {
  std::filesystem::path data_dir;
  FleetSize size;
  double text_bytes_per_session = 0;  // of all its text, identity included

  /// The rows' gateway, which is never reached.
  static constexpr const char* kGateway = "seed";
  [[nodiscard]] std::filesystem::path database() const { return data_dir / "control-center.db"; }
  /// Of the session with this number, below `size.sessions`.
  [[nodiscard]] static std::string session_key(std::size_t number);
  /// A change of that session alone, another one each `turn`.
  [[nodiscard]] static fleet::ChangeSet change_of(std::size_t number, const FleetSize& size,
                                                  std::size_t turn);
  /// When everything in it was committed.
  static constexpr TimeMs kStart = 1'795'000'000'000;
  /// A word that is in the titles of one session in a hundred.
  static constexpr const char* kRareWord = "quarterly";
};

/// Made where `folder` does not hold one of this size yet. Throws std::runtime_error.
[[nodiscard]] Seed make_seed(const std::filesystem::path& folder, const FleetSize& size);

}  // namespace cc::bench
