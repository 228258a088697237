#include "auth/credential.h"

#include <array>
#include <new>
#include <span>

#include <openssl/evp.h>

#include "base/random.h"

namespace cc::auth {
namespace {

constexpr std::size_t kDigestBytes = 32;
/// 16 MiB and about 40 ms: nothing at start-up, much for somebody who guesses.
constexpr std::uint64_t kScryptCost = 1U << 14U;
constexpr std::uint64_t kScryptBlock = 8;
constexpr std::uint64_t kScryptMemory = 64U << 20U;

std::string base64url(std::span<const unsigned char> bytes) {
  constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
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
  constexpr std::string_view kLetters = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : bytes) {
    text.push_back(kLetters[byte >> 4U]);
    text.push_back(kLetters[byte & 15U]);
  }
  return text;
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

std::string slow_digest(const Secret& secret, std::string_view salt) {
  std::array<unsigned char, kDigestBytes> out{};
  const std::basic_string<unsigned char> salt_bytes(salt.begin(), salt.end());
  const auto& text = secret.reveal();
  if (EVP_PBE_scrypt(text.data(), text.size(), salt_bytes.data(), salt_bytes.size(), kScryptCost,
                     kScryptBlock, 1, kScryptMemory, out.data(), out.size()) != 1) {
    throw std::bad_alloc();
  }
  return hex(out);
}

}  // namespace cc::auth
