#include "base/network.h"

#include <string>

#include <arpa/inet.h>

#include "base/number.h"

namespace cc {
namespace {

constexpr int kBits = 128;
constexpr int kMappedBits = 96;  // that an IPv4 address has before it

/// The address with its bits beyond the first so many cleared.
AddressBytes masked(AddressBytes address, int bits) {
  for (int i = 0; i < static_cast<int>(address.size()); ++i) {
    const int kept = std::min(8, std::max(0, bits - 8 * i));
    auto& byte = address[static_cast<std::size_t>(i)];
    byte = static_cast<unsigned char>(byte & (0xFF00U >> static_cast<unsigned>(kept)));
  }
  return address;
}

}  // namespace

std::optional<AddressBytes> address_bytes(std::string_view literal) {
  const std::string text(literal.substr(0, literal.find('%')));
  AddressBytes bytes{};
  if (inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1) return bytes;
  bytes = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0, 0, 0};
  if (inet_pton(AF_INET, text.c_str(), bytes.data() + 12) == 1) return bytes;
  return std::nullopt;
}

std::optional<Network> Network::parse(std::string_view text) {
  const auto slash = text.find('/');
  const auto literal = text.substr(0, slash);
  const auto first = address_bytes(literal);
  if (!first) return std::nullopt;
  if (slash == std::string_view::npos) return Network(*first, kBits);
  const int before = literal.find(':') == std::string_view::npos ? kMappedBits : 0;
  const auto given = number_in<int>(text.substr(slash + 1));
  if (!given || *given < 0 || *given > kBits - before) return std::nullopt;
  const int bits = *given + before;
  if (masked(*first, bits) != *first) return std::nullopt;
  return Network(*first, bits);
}

bool Network::contains(const AddressBytes& address) const {
  return masked(address, bits_) == first_;
}

}  // namespace cc
