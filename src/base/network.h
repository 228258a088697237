#pragma once
// Addresses and networks as they are written. No I/O, no names.

#include <array>
#include <optional>
#include <string_view>

namespace cc {

/// IPv4 as mapped into IPv6, so that one address has one form.
using AddressBytes = std::array<unsigned char, 16>;
/// Of an address literal, without brackets; a zone is left out, as it says which interface, not
/// which address.
[[nodiscard]] std::optional<AddressBytes> address_bytes(std::string_view literal);

/// Addresses that begin alike.
class Network {
 public:
  /// `10.0.0.0/8`, `fd00::/8`, or one address. nullopt for anything else, bits beyond the prefix
  /// included.
  [[nodiscard]] static std::optional<Network> parse(std::string_view text);

  [[nodiscard]] bool contains(const AddressBytes& address) const;

 private:
  Network(const AddressBytes& first, int bits) : first_(first), bits_(bits) {}

  AddressBytes first_;
  int bits_;  // of 128
};

}  // namespace cc
