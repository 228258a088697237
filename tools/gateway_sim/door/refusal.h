#pragma once
// How the gateway says no: the error of an answer and, while a client connects, the close that
// follows it.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_writer.h"
#include "gateway_sim/world/model.h"

namespace cc::sim {

struct Refusal {
  std::string code;  // INVALID_REQUEST, NOT_PAIRED, UNAVAILABLE, …
  std::string message;
  std::string details;  // a JSON object, empty: none
  std::optional<bool> retryable;
  std::optional<std::int64_t> retry_after_ms;
  std::uint16_t close_code = 1008;
  std::string close_reason;  // empty: the message
};

[[nodiscard]] Refusal invalid_request(std::string message);
[[nodiscard]] Refusal missing_scope(Protocol protocol, std::string_view scope);
/// Where the details are a code and a reason and nothing else.
[[nodiscard]] Refusal with_details(std::string message, std::string_view details_code,
                                   std::string_view reason);
[[nodiscard]] Refusal protocol_mismatch(Protocol protocol, std::int64_t client_min,
                                        std::int64_t client_max);
/// Of a secret that is missing or wrong.
[[nodiscard]] Refusal unauthorized(std::string_view what, std::string_view details_code,
                                   std::string_view reason, std::string_view next_step);

struct PairingRefusal {
  std::string reason;  // not-paired, scope-upgrade, role-upgrade, metadata-upgrade
  std::string request_id;
  std::string device_id;
  std::string role = "operator";
  std::vector<std::string> scopes;
};
[[nodiscard]] Refusal pairing_required(const PairingRefusal& pairing);

/// By the name that a tester uses ("token-mismatch", "starting", …); none for an unknown name.
[[nodiscard]] std::optional<Refusal> refusal_named(std::string_view name, Protocol protocol);
[[nodiscard]] std::vector<std::string_view> refusal_names();

/// The `error` object.
void write_refusal(JsonWriter& json, const Refusal& refusal);

}  // namespace cc::sim
