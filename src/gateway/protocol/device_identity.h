#pragma once
// Our identity to gateways: an Ed25519 key pair, made once and kept (docs/protocol/gateway.md,
// "Device identity").

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace cc::gateway::protocol {

/// Cheap to copy; the private key never leaves it. Thread-safe.
class DeviceIdentity {
 public:
  /// Reads the key from `file`, or makes one there (0600, written whole or not at all). kRefused:
  /// others can read the file. kCorrupt: it is not a key; it is never replaced, because pairings
  /// depend on it.
  static Result<DeviceIdentity> load_or_create(const std::filesystem::path& file);
  static DeviceIdentity generate();

  /// Lower-case hex of SHA-256 over the raw public key.
  [[nodiscard]] const std::string& id() const;
  /// base64url without padding, of the raw public key.
  [[nodiscard]] const std::string& public_key() const;
  /// base64url without padding, of the signature over `payload`'s bytes.
  [[nodiscard]] std::string sign(std::string_view payload) const;

 private:
  struct Key;
  explicit DeviceIdentity(std::shared_ptr<const Key> key) : key_(std::move(key)) {}
  std::shared_ptr<const Key> key_;
};

}  // namespace cc::gateway::protocol
