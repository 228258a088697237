#pragma once
// For tests: the gateway's side of device signatures, straight from OpenSSL.

#include <string>
#include <string_view>

namespace cc::gateway::protocol {

[[nodiscard]] std::string from_base64url(std::string_view text);
[[nodiscard]] std::string sha256_hex(std::string_view bytes);
/// Key and signature as on the wire: base64url without padding.
[[nodiscard]] bool verifies(std::string_view public_key, std::string_view signature,
                            std::string_view payload);
/// A private key that cannot sign.
[[nodiscard]] std::string x25519_pem();

}  // namespace cc::gateway::protocol
