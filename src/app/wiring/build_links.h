#pragma once
// A link for each configured gateway.

#include <map>
#include <memory>

#include "app/config/config.h"
#include "app/data_dir.h"
#include "gateway/link.h"

namespace cc::app {

/// How a gateway of the configuration is reached.
[[nodiscard]] gateway::LinkOptions link_options(const GatewayConfig& gateway, const Config& config,
                                                const DataDir& data);

/// Made on any thread; `start` and `stop` are to be called on the executor.
class LinkSet final : public fleet::ResyncRequests {
 public:
  LinkSet(const gateway::Link::Parts& parts, const Config& config, const DataDir& data);

  void start();
  /// `stopped` is called when no link runs any more.
  void stop(const std::function<void()>& stopped);
  /// Thread-safe, also before `start`.
  void retry_now(const std::string& gateway);
  void request_resync(const std::string& gateway, const std::string& reason) override;
  void request_check(const std::string& gateway, const std::string& session) override;
  void has_too_many(const std::string& gateway, bool too_many) override;

 private:
  std::map<std::string, std::unique_ptr<gateway::Link>> links_;
};

}  // namespace cc::app
