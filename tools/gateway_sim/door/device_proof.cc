#include "gateway_sim/door/device_proof.h"

#include <array>
#include <memory>

#include <openssl/evp.h>
#include <openssl/sha.h>

namespace cc::sim {
namespace {

constexpr TimeMs kSkewMs = 120'000;

int digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '-' ? 62 : c == '_' ? 63 : -1;
}

/// Unpadded base64url; nothing if it is not that.
std::optional<std::string> decode(std::string_view text) {
  std::string out;
  unsigned bits = 0;
  int held = 0;
  for (const char c : text) {
    const int value = digit(c);
    if (value < 0) return std::nullopt;
    bits = (bits << 6U) | static_cast<unsigned>(value);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    out += static_cast<char>((bits >> static_cast<unsigned>(held)) & 0xFFU);
  }
  return out;
}

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string sha256_hex(std::string_view text) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(bytes(text), text.size(), digest.data());
  std::string out;
  for (const unsigned char byte : digest) {
    out += "0123456789abcdef"[byte >> 4U];
    out += "0123456789abcdef"[byte & 0xFU];
  }
  return out;
}

bool verifies(std::string_view key, std::string_view signature, std::string_view text) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> public_key(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes(key), key.size()),
      EVP_PKEY_free);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        EVP_MD_CTX_free);
  if (!public_key || !context) return false;
  if (EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, public_key.get()) != 1)
    return false;
  return EVP_DigestVerify(context.get(), bytes(signature), signature.size(), bytes(text),
                          text.size()) == 1;
}

std::string plain(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  std::string out(text.substr(first, text.find_last_not_of(" \t") - first + 1));
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

Refusal refused(std::string_view name) {
  return *refusal_named(name, Protocol::kV4);
}

}  // namespace

std::string signed_text(int form, const DeviceClaim& claim, const SignedConnect& connect) {
  std::string scopes;
  for (const std::string& scope : connect.scopes) scopes += (scopes.empty() ? "" : ",") + scope;
  std::string text = 'v' + std::to_string(form) + '|' + claim.id + '|' + connect.client_id + '|' +
                     connect.client_mode + '|' + connect.role + '|' + scopes + '|' +
                     std::to_string(claim.signed_at) + '|' + connect.token + '|' + claim.nonce;
  if (form == 3) text += '|' + plain(connect.platform) + '|' + plain(connect.device_family);
  return text;
}

std::optional<Refusal> check_device(const DeviceClaim& claim, const SignedConnect& connect,
                                    const Challenge& challenge, TimeMs now) {
  const std::optional<std::string> key = decode(claim.public_key);
  if (!key || key->size() != 32) return refused("device-public-key-invalid");
  if (sha256_hex(*key) != claim.id) return refused("device-id-mismatch");
  if (claim.signed_at < now - kSkewMs || claim.signed_at > now + kSkewMs)
    return refused("device-signature-expired");
  if (claim.nonce.empty()) return refused("device-nonce-required");
  if (claim.nonce != challenge.nonce) return refused("device-nonce-mismatch");
  const std::optional<std::string> signature = decode(claim.signature);
  if (!signature) return refused("device-signature-invalid");
  for (const int form : {3, 2}) {
    if (verifies(*key, *signature, signed_text(form, claim, connect))) return std::nullopt;
  }
  return refused("device-signature-invalid");
}

}  // namespace cc::sim
