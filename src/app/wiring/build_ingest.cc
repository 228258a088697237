#include "app/wiring/build_ingest.h"

#include <algorithm>
#include <future>

#include "net/endpoint.h"

namespace cc::app {
namespace {

std::optional<std::string> shown(const std::string& url) {
  const auto endpoint = net::Endpoint::parse(url);
  const auto scheme = url.substr(0, url.find(':'));
  return endpoint ? std::optional(endpoint->display(scheme)) : std::nullopt;
}

std::optional<std::string> shown_url(const GatewayConfig& gateway) {
  const auto& url = gateway.ws_url ? gateway.ws_url : gateway.rest_url;
  return url ? shown(*url) : std::nullopt;
}

std::vector<fleet::Observation> announcements(const fleet::PublishedFleet& published,
                                              const Config& config, TimeMs now) {
  std::vector<fleet::Observation> out;
  const auto is_configured = [&](const std::string& name) {
    return std::ranges::find(config.gateways, name, &GatewayConfig::name) != config.gateways.end();
  };
  published.read([&](const fleet::Fleet& fleet, const Cursor&) {
    fleet.each_gateway([&](const fleet::Gateway& held) {
      if (is_configured(held.name)) return;
      out.push_back({held.name, fleet::Source::kSystem, now, fleet::GatewayForgotten{}});
    });
  });
  for (const auto& gateway : config.gateways) {
    out.push_back(
        {gateway.name, fleet::Source::kSystem, now,
         fleet::GatewayConfigured{shown_url(gateway), gateway.access.value_or(config.access)}});
  }
  return out;
}

}  // namespace

std::unique_ptr<ingest::Ingest> build_ingest(ingest::Ingest::Parts parts, const Config& config) {
  ingest::IngestOptions options;
  options.rules.stall_after = config.stall_after;
  options.retention_period = config.retention;
  options.retention_bytes = config.retention_bytes;
  return std::make_unique<ingest::Ingest>(parts, options);
}

Result<void> announce_gateways(fleet::ObservationSink& sink, const fleet::PublishedFleet& published,
                               const Config& config, const Clock& clock, Millis limit) {
  // Shared, since an answer may come after the limit.
  const auto deadline = std::chrono::steady_clock::now() + limit;
  std::vector<std::future<Result<void>>> answers;
  for (auto& observation : announcements(published, config, clock.wall())) {
    auto answer = std::make_shared<std::promise<Result<void>>>();
    answers.push_back(answer->get_future());
    sink.submit(std::move(observation),
                [answer](Result<void> outcome) { answer->set_value(std::move(outcome)); });
  }
  for (auto& answer : answers) {
    if (answer.wait_until(deadline) != std::future_status::ready) {
      return fail(ErrorCode::kUnavailable, "the database takes too long to write");
    }
    if (auto outcome = answer.get(); !outcome) return outcome;
  }
  return {};
}

}  // namespace cc::app
