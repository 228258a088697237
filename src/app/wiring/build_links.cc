#include "app/wiring/build_links.h"

#include "app/config/headers_file.h"

namespace cc::app {

gateway::LinkOptions link_options(const GatewayConfig& gateway, const Config& config,
                                  const DataDir& data) {
  return {.name = gateway.name,
          .ws_url = gateway.ws_url,
          .rest_url = gateway.rest_url,
          .token = [source = gateway.token] { return source.read(); },
          .password = [source = gateway.password] { return source.read(); },
          .headers = [file = gateway.headers,
                      exposure = config.secret_files] { return read_headers_file(file, exposure); },
          .protocols = gateway.protocols.value_or(config.protocols),
          .poll_interval = gateway.poll_interval.value_or(config.poll_interval),
          .ws_ready_timeout = gateway.ws_ready_timeout.value_or(config.ws_ready_timeout),
          .tls_fingerprint = gateway.tls_fingerprint,
          .device_tokens = data.device_tokens(),
          .settings = gateway.settings};
}

LinkSet::LinkSet(const gateway::Link::Parts& parts, const Config& config, const DataDir& data) {
  for (const auto& gateway : config.gateways) {
    links_.emplace(gateway.name,
                   std::make_unique<gateway::Link>(parts, link_options(gateway, config, data)));
  }
}

void LinkSet::start() {
  for (const auto& [name, link] : links_) link->start();
}

void LinkSet::stop(const std::function<void()>& stopped) {
  if (links_.empty()) return stopped();
  const auto running = std::make_shared<std::size_t>(links_.size());
  for (const auto& [name, link] : links_) {
    link->stop([running, stopped] {
      if (--*running == 0) stopped();
    });
  }
}

void LinkSet::retry_now(const std::string& gateway) {
  if (const auto link = links_.find(gateway); link != links_.end()) link->second->retry_now();
}

void LinkSet::request_resync(const std::string& gateway, const std::string& reason) {
  if (const auto link = links_.find(gateway); link != links_.end()) {
    link->second->request_resync(reason);
  }
}

void LinkSet::request_check(const std::string& gateway, const std::string& session) {
  if (const auto link = links_.find(gateway); link != links_.end()) {
    link->second->request_check(session);
  }
}

void LinkSet::has_too_many(const std::string& gateway, bool too_many) {
  if (const auto link = links_.find(gateway); link != links_.end()) {
    link->second->has_too_many(too_many);
  }
}

}  // namespace cc::app
