#pragma once
// What a server stands on, opened by one function each. `serve` ends at the first that fails;
// `doctor` tells all of them, so what would stop the one is found by the other.

#include <expected>
#include <memory>

#include "api/tls/certificate.h"
#include "app/config/config.h"
#include "app/data_dir.h"
#include "app/exit_code.h"
#include "auth/audit.h"
#include "auth/auth.h"
#include "base/clock.h"
#include "fleet/state/published.h"
#include "gateway/protocol/device_identity.h"
#include "store/store.h"

namespace cc::app {

/// Whether a step may write: `serve` makes what is not there yet, `doctor` leaves no trace of
/// tokens.
enum class Intent { kServe, kLook };

template <class Value>
using Started = std::expected<Value, Failure>;

/// Where TLS is configured.
[[nodiscard]] Started<std::shared_ptr<const api::Certificate>> start_certificate(
    const Config& config);
[[nodiscard]] Started<DataDir> start_data_dir(const Config& config);
[[nodiscard]] Started<std::unique_ptr<store::Store>> start_store(const Config& config);
[[nodiscard]] Started<std::unique_ptr<fleet::PublishedFleet>> start_fleet(store::Store& store);
[[nodiscard]] Started<std::unique_ptr<auth::Auth>> start_auth(const Config& config,
                                                              const DataDir& data,
                                                              const Clock& clock, Intent intent);
/// Null where one is only looked for and there is none.
[[nodiscard]] Started<std::unique_ptr<auth::Audit>> start_audit(const DataDir& data,
                                                                const Clock& clock, Intent intent);
[[nodiscard]] Started<gateway::protocol::DeviceIdentity> start_identity(const DataDir& data);
/// Takes the listen address for a moment.
[[nodiscard]] Started<void> try_address(const Config& config);
/// Why the listen address could not be taken, with the way out.
[[nodiscard]] Failure address_failure(const Error& error);

}  // namespace cc::app
