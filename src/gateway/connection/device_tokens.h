#pragma once
// The tokens that gateways gave to this device, in one file that all links share.

#include <filesystem>
#include <string>

#include "base/result.h"
#include "base/secret.h"

namespace cc::gateway {

/// Identifies one token. The role is always `operator`.
struct DeviceTokenKey {
  std::string url;  // without credentials
  std::string device_id;
  [[nodiscard]] std::string text() const { return url + "|" + device_id + "|operator"; }
};

/// A JSON object in a file of mode 0600, replaced atomically. Each call reads the file and holds a
/// lock on a file beside it, so that several links and processes do not lose each other's tokens.
class DeviceTokens {
 public:
  explicit DeviceTokens(std::filesystem::path file) : file_(std::move(file)) {}

  /// An empty secret where there is none. kCorrupt where it is no file of tokens, else what
  /// `files::read_private` says.
  [[nodiscard]] Result<Secret> find(const DeviceTokenKey& key) const;
  /// Writes only if something changes. A damaged file is replaced: gateways issue tokens again.
  Result<void> store(const DeviceTokenKey& key, const Secret& token) const;
  Result<void> forget(const DeviceTokenKey& key) const;

 private:
  std::filesystem::path file_;
};

}  // namespace cc::gateway
