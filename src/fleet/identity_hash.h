#pragma once
// Identities of rows as keys of flat maps, and as numbers where they are only told apart.

#include <cstdint>
#include <functional>
#include <string_view>

namespace cc::fleet {

/// For flat maps and sets of identities.
struct IdentityHash : std::hash<std::string_view> {
  using is_avalanching = void;  // good as it is: the map need not mix it once more
};

/// Stands for an identity where many are told apart and none is read. That two of 100,000 share one
/// happens once in 4,000,000,000 such fleets.
using IdentityPrint = std::uint64_t;

[[nodiscard]] inline IdentityPrint print_of(std::string_view identity) {
  static_assert(sizeof(std::size_t) == sizeof(IdentityPrint));
  return IdentityHash{}(identity);
}

}  // namespace cc::fleet
