#pragma once
// Control Center with a simulated gateway that says what a bench asks for.

#include <memory>

#include "bench/benches/setting.h"
#include "bench/load/gateway.h"
#include "bench/load/source_thread.h"
#include "bench/subject/control_center.h"

namespace cc::bench {

class FedServer {
 public:
  struct Spec {
    std::string_view folder;  // in the scratch, anew
    LoadGateway::Spec gateway;
    int cpu = -1;
    std::string gateway_access;  // empty: read
  };
  /// Returns once the gateway is live.
  FedServer(const Setting& setting, const Spec& spec, SourceThread& source)
      : data_dir_(setting.fresh(spec.folder)),
        source_(source),
        gateway_(
            source.run([&] { return std::make_unique<LoadGateway>(source.io(), spec.gateway); })),
        server_({.program = setting.server(),
                 .data_dir = data_dir_,
                 .gateway_url = gateway_->ws_url(),
                 .gateway_token = LoadGateway::token(),
                 .gateway_access = spec.gateway_access,
                 .cpu = spec.cpu}) {
    server_.wait_until_live();
  }
  ~FedServer() {
    server_.stop();
    source_.run([this] { gateway_->stop(); });
    source_.run([this] { gateway_.reset(); });
  }
  FedServer(const FedServer&) = delete;
  FedServer& operator=(const FedServer&) = delete;

  /// Only on the source's thread.
  [[nodiscard]] LoadGateway& gateway() { return *gateway_; }
  [[nodiscard]] ControlCenter& server() { return server_; }
  [[nodiscard]] SourceThread& source() { return source_; }
  [[nodiscard]] std::filesystem::path database() const { return data_dir_ / "control-center.db"; }

 private:
  const std::filesystem::path data_dir_;
  SourceThread& source_;
  std::unique_ptr<LoadGateway> gateway_;
  ControlCenter server_;
};

}  // namespace cc::bench
