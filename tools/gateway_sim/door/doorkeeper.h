#pragma once
// Decides who is let in: the shape of `connect`, the secret, the device and its pairing. It holds
// clients to the protocol as strictly as the real gateways do.

#include <expected>
#include <functional>
#include <map>
#include <string>

#include <boost/json/object.hpp>

#include "gateway_sim/door/client.h"
#include "gateway_sim/door/device_proof.h"
#include "gateway_sim/door/hello.h"
#include "gateway_sim/door/refusal.h"
#include "gateway_sim/story/event.h"
#include "gateway_sim/world/rng.h"

namespace cc::sim {

struct DoorPolicy {
  Protocol protocol = Protocol::kV4;
  std::string token;             // empty: no token is asked for
  std::string password;          // empty: no password is asked for
  bool require_pairing = false;  // devices wait for approval; everybody counts as remote
};

struct Admission {
  Client client;
  HelloAuth auth;
};

struct PairedDevice {
  std::string device_id;
  std::string public_key;
  std::string client_id;
  std::string client_mode;
  std::string platform;
  std::string device_family;
  std::string role;
  std::vector<std::string> scopes;
  std::string token;
  TimeMs at = 0;
};

struct PairingRequest {
  std::string id;
  PairedDevice device;
  std::string reason;
};

class Doorkeeper {
 public:
  /// `tell` is called with device.pair.requested and device.pair.resolved.
  using Tell = std::function<void(const Event&)>;
  Doorkeeper(DoorPolicy policy, Rng& rng, Tell tell)
      : policy_(std::move(policy)), rng_(rng), tell_(std::move(tell)) {}

  [[nodiscard]] std::expected<Admission, Refusal> admit(const boost::json::object& params,
                                                        const Challenge& challenge, TimeMs now);
  [[nodiscard]] std::string auth_mode() const;
  /// For nonces and connections.
  [[nodiscard]] std::string draw_id() { return rng_.uuid(); }

  [[nodiscard]] const std::map<std::string, PairingRequest>& pending() const { return pending_; }
  [[nodiscard]] const std::map<std::string, PairedDevice>& paired() const { return paired_; }
  /// False if there is no such request.
  bool approve(const std::string& request_id, TimeMs now);
  bool reject(const std::string& request_id, TimeMs now);
  bool remove_device(const std::string& device_id) { return paired_.erase(device_id) > 0; }

 private:
  struct Attempt;  // one connect, read
  struct Proof {
    std::string method;
    bool by_device_token = false;
  };

  [[nodiscard]] std::expected<Proof, Refusal> check_secret(const Attempt& attempt) const;
  [[nodiscard]] std::optional<Refusal> check_pairing(const Attempt& attempt, const Proof& proof,
                                                     TimeMs now);
  [[nodiscard]] Admission welcome(const Attempt& attempt, const Proof& proof) const;
  [[nodiscard]] PairingRequest* find_request(const Attempt& attempt, std::string_view reason);
  [[nodiscard]] Refusal ask_to_pair(const Attempt& attempt, std::string reason, TimeMs now);
  void pair(const PairedDevice& device, TimeMs now);
  [[nodiscard]] std::vector<std::string> granted(const Attempt& attempt, const Proof& proof) const;
  void tell_requested(const PairingRequest& request, TimeMs now);
  void tell_resolved(const PairingRequest& request, std::string_view decision, TimeMs now);

  const DoorPolicy policy_;
  Rng& rng_;
  const Tell tell_;
  std::map<std::string, PairingRequest> pending_;  // by request id
  std::map<std::string, PairedDevice> paired_;     // by device id
};

}  // namespace cc::sim
