#include "app/cli/local_data.h"

#include "app/config/secret_source.h"

namespace cc::app {

Result<ApiClient> connect_to_server(const Config& config) {
  auto server = find_server(config.data_dir);
  if (!server) return std::unexpected(server.error());
  const auto source =
      config.admin_token.given()
          ? config.admin_token
          : SecretSource::from_file("admin token", DataDir::admin_token_in(config.data_dir));
  auto token = source.read();
  if (!token) return std::unexpected(token.error());
  return ApiClient(std::move(*server), std::move(*token));
}

Result<LocalData> open_local_data(const Config& config) {
  auto client = connect_to_server(config);
  if (client) return std::move(*client);
  if (client.error().code != ErrorCode::kNotFound) return std::unexpected(client.error());
  auto data = DataDir::open(config.data_dir);
  if (!data) return std::unexpected(data.error());
  return std::move(*data);
}

}  // namespace cc::app
