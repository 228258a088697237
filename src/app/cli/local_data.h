#pragma once
// Gives the commands access to the data: through the server if one runs, else directly.

#include <variant>

#include "app/cli/api_client.h"
#include "app/config/config.h"
#include "app/data_dir.h"

namespace cc::app {

using LocalData = std::variant<ApiClient, DataDir>;

/// Errors are whole sentences.
[[nodiscard]] Result<LocalData> open_local_data(const Config& config);

/// A client of the running server, with the admin token. kNotFound where no server runs.
[[nodiscard]] Result<ApiClient> connect_to_server(const Config& config);

}  // namespace cc::app
