#include "auth/credential.h"

#include <array>
#include <new>
#include <span>

#include <openssl/evp.h>

#include "base/encoding.h"
#include "base/random.h"

namespace cc::auth {
namespace {

constexpr std::size_t kDigestBytes = 32;
constexpr std::size_t kDrawnBytes = 32;
/// 16 MiB and about 40 ms at the start: little for us, much for an attacker.
constexpr std::uint64_t kScryptCost = 1U << 14U;
constexpr std::uint64_t kScryptBlock = 8;
constexpr std::uint64_t kScryptMemory = 64U << 20U;

bool is_drawn(std::string_view admin_token) {
  if (!admin_token.starts_with(kAdminPrefix)) return false;
  const auto bytes = from_base64url(admin_token.substr(kAdminPrefix.size()));
  return bytes && bytes->size() == kDrawnBytes;
}

}  // namespace

Secret draw_credential(std::string_view prefix) {
  return Secret(std::string(prefix) + to_base64url(random_bytes<kDrawnBytes>()));
}

std::string draw_salt() {
  return to_hex(random_bytes<16>());
}

std::string digest(std::string_view credential) {
  std::array<unsigned char, kDigestBytes> out{};
  if (EVP_Digest(credential.data(), credential.size(), out.data(), nullptr, EVP_sha256(),
                 nullptr) != 1) {
    throw std::bad_alloc();  // the only way that it fails
  }
  return to_hex(out);
}

std::string fingerprint(const Secret& admin_token, std::string_view salt) {
  const auto& text = admin_token.reveal();
  if (is_drawn(text)) return digest(std::string(salt) + text);
  std::array<unsigned char, kDigestBytes> out{};
  const std::basic_string<unsigned char> salt_bytes(salt.begin(), salt.end());
  if (EVP_PBE_scrypt(text.data(), text.size(), salt_bytes.data(), salt_bytes.size(), kScryptCost,
                     kScryptBlock, 1, kScryptMemory, out.data(), out.size()) != 1) {
    throw std::bad_alloc();
  }
  return to_hex(out);
}

}  // namespace cc::auth
