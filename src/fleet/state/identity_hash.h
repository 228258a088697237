#pragma once
// Identities of rows as keys of flat maps, and as numbers where they are only told apart.

#include <cstdint>
#include <functional>
#include <string_view>

namespace cc::fleet {

/// Hash for flat maps and sets of identities.
struct IdentityHash : std::hash<std::string_view> {
  using is_avalanching = void;  // good as it is: the map need not mix it once more
};

/// A hash that stands for an identity where identities are only compared. Two of 100,000 sessions
/// collide in one of 4,000,000,000 fleets.
using IdentityPrint = std::uint64_t;

[[nodiscard]] inline IdentityPrint print_of(std::string_view identity) {
  static_assert(sizeof(std::size_t) == sizeof(IdentityPrint));
  return IdentityHash{}(identity);
}

}  // namespace cc::fleet
