#pragma once
// What a device claims about itself when it connects, and the check of it.

#include <optional>
#include <string>
#include <vector>

#include "gateway_sim/door/refusal.h"

namespace cc::sim {

struct Challenge {
  std::string nonce;
  TimeMs at = 0;
};

struct DeviceClaim {
  std::string id;
  std::string public_key;  // base64url, as sent
  std::string signature;   // base64url, as sent
  TimeMs signed_at = 0;
  std::string nonce;
};

/// All that the signature covers.
struct SignedConnect {
  std::string client_id;
  std::string client_mode;
  std::string role;
  std::vector<std::string> scopes;  // in the order in which they were sent
  std::string token;
  std::string platform;
  std::string device_family;
};

/// Nothing if the claim holds.
[[nodiscard]] std::optional<Refusal> check_device(const DeviceClaim& claim,
                                                  const SignedConnect& connect,
                                                  const Challenge& challenge, TimeMs now);

/// The text that is signed, of either form.
[[nodiscard]] std::string signed_text(int form, const DeviceClaim& claim,
                                      const SignedConnect& connect);

}  // namespace cc::sim
