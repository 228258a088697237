#pragma once
// connect.challenge → connect → hello-ok (docs/protocol/gateway.md, "Handshake").

#include <string>
#include <vector>

#include "base/secret.h"
#include "command/kinds.h"
#include "gateway/protocol/device_identity.h"
#include "gateway/protocol/dialect.h"
#include "gateway/protocol/frame.h"

namespace cc::gateway::protocol {

struct ProtocolRange {
  int min = 3;
  int max = 4;
};

struct Challenge {
  std::string nonce;
  TimeMs ts = 0;
};

/// kInvalid: the nonce is missing or empty, or `ts` is missing or negative. We never sign our own
/// time instead.
[[nodiscard]] Result<Challenge> read_challenge(simdjson::dom::element payload);

/// What we show the gateway: the shared token, else the device token in its own member. A
/// configured password is sent as well.
struct Credentials {
  Secret token;
  Secret password;
  Secret device_token;  // stored from an earlier hello-ok for this gateway and identity
};

/// What is asked for with this access, in the order in which it is signed. Questions only where the
/// range reaches protocol 4, which has them.
[[nodiscard]] std::vector<std::string_view> scopes_of(command::Access access, ProtocolRange range);

/// The fields that the device signs, in the form called v3 (for both protocols). `token` is the one
/// in `auth`; platform and device family are empty if they are not sent.
struct SignedFields {
  std::string_view device_id;
  std::string_view client_id;
  std::string_view client_mode;
  std::string_view role;
  std::string_view scopes;  // joined with commas, in the order sent
  TimeMs signed_at = 0;
  std::string_view token;
  std::string_view nonce;
  std::string_view platform;
  std::string_view device_family;
};
[[nodiscard]] std::string signature_payload(const SignedFields& fields);

/// `params` of the connect request, with the members that both protocols know, the device block
/// signed in the v3 form, client `gateway-client`/`backend`, displayName "Control Center". Approval
/// capabilities, which make runs wait for a decision, only where somebody here can decide.
[[nodiscard]] std::string connect_params(const Challenge& challenge, const DeviceIdentity& identity,
                                         const Credentials& credentials, ProtocolRange range,
                                         std::string_view version,
                                         command::Access access = command::Access::kRead);

struct Hello {
  int protocol = 0;
  std::string server_version;
  std::vector<std::string> methods;                // features.methods
  std::optional<std::vector<std::string>> scopes;  // absent in old gateways: as asked
  Secret device_token;                             // empty where none was issued
  std::size_t max_payload = kMaxFrameBytes;        // clamped to kMaxFrameBytes
  Millis tick_interval{30'000};                    // clamped to 1 s .. 10 min
  std::optional<simdjson::dom::element> presence;  // snapshot.presence; valid as long as the frame
  std::optional<std::int64_t> presence_version;    // snapshot.stateVersion.presence
  std::optional<Millis> up_for;                    // snapshot.uptimeMs
  bool shows_configuration = false;                // snapshot.appliedConfigHash is there

  [[nodiscard]] const Dialect& dialect() const { return dialect_of(protocol, shows_configuration); }
  [[nodiscard]] bool has_method(std::string_view name) const;
  /// Whether this right was granted; where the gateway does not say, what was asked for was.
  [[nodiscard]] bool grants(command::Scope scope) const;
  /// Of those that are asked for with this access on its protocol, the ones that were not granted.
  [[nodiscard]] std::vector<std::string> missing_scopes(
      command::Access access = command::Access::kRead) const;
  /// The kinds of command that it would take now.
  [[nodiscard]] std::vector<std::string> can(command::Access access) const;
};

/// kInvalid where `type` is not "hello-ok" or the protocol is not a number.
[[nodiscard]] Result<Hello> read_hello(simdjson::dom::element payload);

}  // namespace cc::gateway::protocol
