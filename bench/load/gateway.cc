#include "bench/load/gateway.h"

#include <fmt/format.h>

#include "gateway_sim/calls/session_list.h"

namespace cc::bench {
namespace {

sim::Options options_of(const LoadGateway::Spec& spec) {
  sim::Options options;
  options.port = 0;
  options.token = LoadGateway::token();
  options.world.agents = spec.agents;
  options.world.sessions = spec.sessions;
  options.world.seed = 7;
  options.events_per_second = 0;
  options.slim_rows = true;
  options.max_buffered_bytes = std::size_t{1} << 30U;
  return options;
}

}  // namespace

LoadGateway::LoadGateway(boost::asio::io_context& io, Spec spec)
    : spec_(spec),
      scheduler_(io.get_executor()),
      gateway_(options_of(spec), clock_, scheduler_),
      server_(io, gateway_),
      narrator_(sim::make_narrator(sim::Protocol::kV4, {.slim_rows = true})) {
  for (const auto& session : gateway_.world().sessions()) retitle(*session);
  server_.listen();
}

void LoadGateway::retitle(sim::Session& session) {
  session.label = fmt::format("{:010} ", ++titles_);
  session.label.append(spec_.title_bytes - session.label.size(), 'x');
  session.updated_at = gateway_.now();
}

void LoadGateway::publish(std::uint64_t number) {
  auto& sessions = gateway_.world().sessions();
  sim::Session& session = sessions.at(number % sessions.size());
  retitle(session);
  gateway_.publish(narrator_->session_changed(session, "patch", false, gateway_.now()));
}

void LoadGateway::drop() {
  for (sim::Peer* peer : gateway_.peers()) peer->drop();
}

void LoadGateway::change_silently(std::size_t sessions) {
  auto& all = gateway_.world().sessions();
  for (std::size_t i = 0; i < sessions; ++i) retitle(all.at(i));
}

std::vector<std::string> LoadGateway::session_keys() {
  std::vector<std::string> keys;
  for (const auto& session : gateway_.world().sessions()) keys.push_back(session->key);
  return keys;
}

std::vector<std::string> LoadGateway::session_pages(std::int64_t page_size) {
  std::vector<std::string> pages;
  const auto sessions = static_cast<std::int64_t>(gateway_.world().sessions().size());
  for (std::int64_t offset = 0; offset < sessions; offset += page_size) {
    sim::SessionQuery query;
    query.limit = page_size;
    query.offset = offset;
    query.style = {.now = gateway_.now(), .derived_title = true, .slim = true};
    std::string page;
    JsonWriter json(page);
    sim::write_sessions_list(json, gateway_.world(), sim::Protocol::kV4, query);
    pages.push_back(std::move(page));
  }
  return pages;
}

void LoadGateway::stop() {
  server_.stop();
  drop();
}

std::string LoadGateway::ws_url() const {
  return fmt::format("ws://127.0.0.1:{}/", server_.port());
}

}  // namespace cc::bench
