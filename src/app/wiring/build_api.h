#pragma once
// Who may come in, and the server that they come in through.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/server/server.h"
#include "app/config/config.h"
#include "app/data_dir.h"
#include "ingest/ingest.h"

namespace cc::app {

/// The configured admin token, else the one of the data directory, made where there is none.
[[nodiscard]] Result<Secret> admin_token(const Config& config, const DataDir& data);

/// What is to be said of entries that are dated ahead; empty where there are none.
[[nodiscard]] std::string clock_detail(Millis dated_ahead);

/// What `/readyz` tells: the database, the ordered path, and each gateway, which is told but holds
/// nothing up.
[[nodiscard]] std::vector<api::PartState> part_states(const ingest::Ingest& ingest,
                                                      const fleet::PublishedFleet& published);

[[nodiscard]] api::TlsFiles tls_files(const Config& config);
/// Where the admin token lies; empty where it was given by hand.
[[nodiscard]] std::optional<std::string> token_file(const Config& config, const DataDir& data);
[[nodiscard]] api::ServerOptions server_options(const Config& config, std::size_t open_files);

}  // namespace cc::app
