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
          .access = gateway.access.value_or(config.access),
          .poll_interval = gateway.poll_interval.value_or(config.poll_interval),
          .ws_ready_timeout = gateway.ws_ready_timeout.value_or(config.ws_ready_timeout),
          .tls_fingerprint = gateway.tls_fingerprint,
          .device_tokens = data.device_tokens(),
          .settings = gateway.settings};
}

gateway::protocol::Surroundings PublishedView::around(const fleet::Command& command) const {
  gateway::protocol::Surroundings around;
  const auto& [member, id] = command.target;
  published_.read([&](const fleet::Fleet& fleet, const Cursor&) {
    const auto* shard = fleet.shard(command.gateway);
    if (shard == nullptr) return;
    if (const auto session = fleet.find<fleet::Session>(command.gateway, id)) {
      if (session->session_id) around.session_id = std::string(*session->session_id);
    }
    const auto* agent = fleet.find<fleet::Agent>(command.gateway, id);
    around.agent_is_default = member == "agentId" && agent != nullptr && agent->is_default;
    for (const auto& runs : shard->runs) {
      for (const auto& run : runs->runs) {
        const bool is_named =
            !run.run_id.empty() && command.params.json.find(run.run_id) != std::string::npos;
        if (is_named) around.session_of_run = run.session_key;
      }
    }
  });
  return around;
}

std::vector<std::string> PublishedView::running(const fleet::Command& command) const {
  std::vector<std::string> keys;
  const auto& [member, id] = command.target;
  published_.read([&](const fleet::Fleet& fleet, const Cursor&) {
    fleet.each<fleet::Session>(command.gateway, [&](const fleet::SessionView& row) {
      const bool wanted = member.empty() || (member == "sessionKey" && row.key == id) ||
                          (member == "agentId" && row.agent_id == id);
      if (wanted && row.active_runs > 0) keys.emplace_back(row.key);
    });
  });
  return keys;
}

std::vector<std::shared_ptr<const fleet::Command>> PublishedView::unknown(
    const std::string& gateway, TimeMs since) const {
  std::vector<std::shared_ptr<const fleet::Command>> rows;
  published_.read([&](const fleet::Fleet& fleet, const Cursor&) {
    const auto* shard = fleet.shard(gateway);
    if (shard == nullptr) return;
    for (const auto& row : shard->commands) {
      if (row->status == fleet::CommandStatus::kUnknown && row->ended_at >= since) {
        rows.push_back(row);
      }
    }
  });
  return rows;
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

gateway::Link* LinkSet::find(const std::string& gateway) const {
  const auto found = links_.find(gateway);
  return found == links_.end() ? nullptr : found->second.get();
}

void LinkSet::retry_now(const std::string& gateway) {
  if (auto* link = find(gateway)) link->retry_now();
}

void LinkSet::request_resync(const std::string& gateway, const std::string& reason) {
  if (auto* link = find(gateway)) link->request_resync(reason);
}

void LinkSet::published(std::span<const std::shared_ptr<fleet::ChangeSet>> changes, TimeMs /*at*/,
                        const Cursor& /*head*/) {
  // A link needs no more than the latest of each, in the order in which they were given.
  std::map<std::string_view, std::shared_ptr<const fleet::Command>> latest;
  for (const auto& change : changes) {
    for (const auto& row : change->commands.upsert) latest.insert_or_assign(row->id, row);
  }
  for (const auto& [id, row] : latest) {
    if (auto* link = find(row->gateway)) link->published(row);
  }
}

void LinkSet::resume(const fleet::PublishedFleet& published) {
  published.read([this](const fleet::Fleet& fleet, const Cursor&) {
    for (const auto& [name, link] : links_) {
      const auto* shard = fleet.shard(name);
      if (shard == nullptr) continue;
      for (const auto& row : shard->commands) {
        if (!has_ended(row->status)) link->published(row);
      }
    }
  });
}

void LinkSet::read(const std::string& gateway, fleet::Reading what,
                   std::function<void(Result<std::string>)> done) {
  auto* link = find(gateway);
  if (link == nullptr) return done(fail(ErrorCode::kUnavailable, "The gateway is away."));
  link->read(std::move(what), std::move(done));
}

void LinkSet::request_check(const std::string& gateway, const std::string& session) {
  if (auto* link = find(gateway)) link->request_check(session);
}

void LinkSet::has_too_many(const std::string& gateway, bool too_many) {
  if (auto* link = find(gateway)) link->has_too_many(too_many);
}

}  // namespace cc::app
