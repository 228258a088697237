#include "app/wiring/start_steps.h"

#include <utility>

#include <boost/asio/io_context.hpp>

#include "api/server/listener.h"
#include "app/wiring/build_api.h"
#include "app/wiring/build_store.h"

namespace cc::app {
namespace {

template <class Value>
Started<Value> started(Result<Value> value, ExitCode code) {
  if (value) return std::move(*value);
  return std::unexpected(Failure{code, value.error().message});
}

/// Stands for the admin token that the first start will make.
Secret token_to_be_made() {
  return Secret(std::string(auth::Auth::kMinAdminToken, 'x'));
}

bool has_admin_token(const Config& config, const DataDir& data) {
  std::error_code error;
  return config.admin_token.given() ||
         std::filesystem::exists(std::filesystem::symlink_status(data.admin_token(), error));
}

}  // namespace

Started<std::shared_ptr<const api::Certificate>> start_certificate(const Config& config) {
  return started(api::Certificate::load(tls_files(config)), kExitUsage);
}

Started<DataDir> start_data_dir(const Config& config) {
  auto data = DataDir::open(config.data_dir);
  if (!data && data.error().code == ErrorCode::kInUse) {
    return std::unexpected(Failure{kExitDatabase, data.error().message +
                                                      "; stop it, or give another directory with "
                                                      "--data-dir"});
  }
  return started(std::move(data), kExitDatabase);
}

Started<std::unique_ptr<store::Store>> start_store(const Config& config) {
  return started(build_store(config), kExitDatabase);
}

Started<std::unique_ptr<fleet::PublishedFleet>> start_fleet(store::Store& store) {
  return started(build_fleet(store), kExitDatabase);
}

Started<std::unique_ptr<auth::Auth>> start_auth(const Config& config, const DataDir& data,
                                                const Clock& clock, Intent intent) {
  const bool only_look = intent == Intent::kLook;
  const bool none_yet = only_look && !has_admin_token(config, data);
  auto token = none_yet ? Result<Secret>(token_to_be_made()) : admin_token(config, data);
  if (!token) return std::unexpected(Failure{kExitUsage, token.error().message});
  return started(
      auth::Auth::open(
          {.file = data.tokens(), .admin_token = std::move(*token), .only_look = only_look}, clock),
      kExitUsage);
}

Started<std::unique_ptr<auth::Audit>> start_audit(const DataDir& data, const Clock& clock,
                                                  Intent intent) {
  std::error_code error;
  if (intent == Intent::kLook && !std::filesystem::exists(data.audit(), error)) return nullptr;
  return started(auth::Audit::open({.file = data.audit()}, clock), kExitUsage);
}

Started<gateway::protocol::DeviceIdentity> start_identity(const DataDir& data) {
  return started(gateway::protocol::DeviceIdentity::load_or_create(data.device_key()), kExitUsage);
}

Failure address_failure(const Error& error) {
  if (error.code != ErrorCode::kInUse) return {kExitUsage, error.message};
  return {kExitAddress,
          error.message +
              "; stop what listens there, or listen elsewhere (--listen 127.0.0.1:0 takes a port "
              "that is free)"};
}

Started<void> try_address(const Config& config) {
  boost::asio::io_context io;
  const auto bound = api::listen_on(io.get_executor(), config.listen.host, config.listen.port);
  if (!bound) return std::unexpected(address_failure(bound.error()));
  return {};
}

}  // namespace cc::app
