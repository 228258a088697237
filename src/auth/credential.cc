#include "auth/credential.h"

#include <array>
#include <new>
#include <span>

#include <openssl/evp.h>

#include "base/random.h"

namespace cc::auth {
namespace {

constexpr std::size_t kDigestBytes = 32;
constexpr std::size_t kDrawnLetters = 43;  // 32 bytes as base64url
constexpr std::string_view kLetters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/// 16 MiB and about 40 ms of a start, and much for somebody who guesses.
constexpr std::uint64_t kScryptCost = 1U << 14U;
constexpr std::uint64_t kScryptBlock = 8;
constexpr std::uint64_t kScryptMemory = 64U << 20U;

std::string base64url(std::span<const unsigned char> bytes) {
  std::string text;
  unsigned pending = 0;
  unsigned bits = 0;
  for (const unsigned char byte : bytes) {
    pending = (pending << 8U | byte) & 0xFFFFU;
    for (bits += 8; bits >= 6; bits -= 6) text.push_back(kLetters[pending >> (bits - 6) & 63U]);
  }
  if (bits > 0) text.push_back(kLetters[pending << (6 - bits) & 63U]);
  return text;
}

std::string hex(std::span<const unsigned char> bytes) {
  constexpr std::string_view kHexDigits = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : bytes) {
    text.push_back(kHexDigits[byte >> 4U]);
    text.push_back(kHexDigits[byte & 15U]);
  }
  return text;
}

bool is_drawn(std::string_view admin_token) {
  return admin_token.starts_with(kAdminPrefix) &&
         admin_token.size() == kAdminPrefix.size() + kDrawnLetters &&
         admin_token.find_first_not_of(kLetters) == std::string_view::npos;
}

}  // namespace

Secret draw_credential(std::string_view prefix) {
  return Secret(std::string(prefix) + base64url(random_bytes<32>()));
}

std::string draw_salt() {
  return hex(random_bytes<16>());
}

std::string digest(std::string_view credential) {
  std::array<unsigned char, kDigestBytes> out{};
  if (EVP_Digest(credential.data(), credential.size(), out.data(), nullptr, EVP_sha256(),
                 nullptr) != 1) {
    throw std::bad_alloc();  // the only way that it fails
  }
  return hex(out);
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
  return hex(out);
}

}  // namespace cc::auth
