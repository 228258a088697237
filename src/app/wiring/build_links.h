#pragma once
// A link for each configured gateway.

#include <map>
#include <memory>

#include "app/config/config.h"
#include "app/data_dir.h"
#include "fleet/change_listener.h"
#include "fleet/state/published.h"
#include "gateway/link.h"

namespace cc::app {

/// How a gateway of the configuration is reached.
[[nodiscard]] gateway::LinkOptions link_options(const GatewayConfig& gateway, const Config& config,
                                                const DataDir& data);

/// Looks at the published fleet.
class PublishedView final : public gateway::FleetView {
 public:
  explicit PublishedView(const fleet::PublishedFleet& published) : published_(published) {}
  [[nodiscard]] gateway::protocol::Surroundings around(
      const fleet::Command& command) const override;
  [[nodiscard]] std::vector<std::string> running(const fleet::Command& command) const override;
  [[nodiscard]] std::vector<std::shared_ptr<const fleet::Command>> unknown(
      const std::string& gateway, TimeMs since) const override;

 private:
  const fleet::PublishedFleet& published_;
};

/// Made on any thread; `start` and `stop` are to be called on the executor.
class LinkSet final : public fleet::ResyncRequests, public fleet::ChangeListener {
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
  /// Rows of commands go to the links of their gateways.
  void published(std::span<const std::shared_ptr<fleet::ChangeSet>> changes, TimeMs at,
                 const Cursor& head) override;
  /// What somebody looks at.
  void read(const std::string& gateway, fleet::Reading what,
            std::function<void(Result<std::string>)> done);
  /// Commands that were open before this process began.
  void resume(const fleet::PublishedFleet& published);

 private:
  /// Null where there is none.
  [[nodiscard]] gateway::Link* find(const std::string& gateway) const;

  std::map<std::string, std::unique_ptr<gateway::Link>> links_;
};

}  // namespace cc::app
