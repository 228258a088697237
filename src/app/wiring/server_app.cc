#include "app/wiring/server_app.h"

#include <future>

#include <unistd.h>

#include "app/process.h"
#include "app/version.h"
#include "app/wiring/build_api.h"
#include "app/wiring/fill_activity.h"
#include "app/wiring/start_steps.h"
#include "net/endpoint.h"

namespace cc::app {
namespace {

constexpr Millis kLinksLimit{5'000};
constexpr Millis kServerLimit{4'000};
constexpr Millis kFarewellLimit{1'000};
constexpr Millis kFirstCommitLimit{60'000};

// Without the query, which is where some put a token.
std::string shown(const std::optional<std::string>& url) {
  return url ? url->substr(0, url->find('?')) : "off";
}

std::unexpected<Failure> failed(ExitCode code, const Error& error) {
  return std::unexpected(Failure{code, error.message});
}

template <class Value, class Into>
std::expected<void, Failure> keep(Started<Value> value, Into& into) {
  if (!value) return std::unexpected(std::move(value.error()));
  into = std::move(*value);
  return {};
}

/// host.docker.internal is the machine that runs the container: no network is crossed.
bool crosses_a_network_in_plain(const std::optional<std::string>& url) {
  if (!url) return false;
  const auto endpoint = net::Endpoint::parse(*url);
  return endpoint && !endpoint->tls && !endpoint->is_loopback() &&
         endpoint->host != "host.docker.internal";
}

}  // namespace

std::expected<std::unique_ptr<ServerApp>, Failure> ServerApp::start(const Parts& parts) {
  std::unique_ptr<ServerApp> app(new ServerApp(parts));
  for (const auto step :
       {&ServerApp::open_tls, &ServerApp::open_data, &ServerApp::build, &ServerApp::build_links,
        &ServerApp::bind, &ServerApp::fill_in, &ServerApp::serve}) {
    if (auto done = (app.get()->*step)(); !done) return std::unexpected(done.error());
  }
  return app;
}

// The loops end first, so that nothing runs while the parts are destroyed.
ServerApp::~ServerApp() {
  if (backups_) backups_->stop();
  if (gateways_) gateways_->stop();
  if (http_) http_->stop();
  if (workers_) workers_->stop();
  if (tls_) tls_->stop();
  if (ingest_) ingest_->stop();
}

ServerApp::Step ServerApp::open_data() {
  if (auto done = keep(start_data_dir(config_), data_); !done) return done;
  // A token that somebody chose is hashed slowly on purpose; the rows are read meanwhile.
  auto starting_auth = std::async(
      std::launch::async, [this] { return start_auth(config_, *data_, clock_, Intent::kServe); });
  if (auto done = keep(start_store(config_), store_); !done) return done;
  if (auto done = keep(start_fleet(*store_), published_); !done) return done;
  const auto position = store_->position();
  activity_ = std::make_unique<fleet::Activity>(Cursor{position.epoch, position.head});
  if (auto done = keep(starting_auth.get(), auth_); !done) return done;
  return keep(start_audit(*data_, clock_, Intent::kServe), audit_);
}

ServerApp::Step ServerApp::open_tls() {
  if (!config_.tls_certificate.given()) return {};
  auto certificate = start_certificate(config_);
  if (!certificate) return std::unexpected(certificate.error());
  certificate_ =
      std::make_shared<api::CertificateWatch>(tls_files(config_), std::move(*certificate), log_);
  tls_.emplace("tls", log_);
  tls_gate_ =
      std::make_unique<api::TlsGate>(tls_->executor(), certificate_, api::TlsGate::Limits{});
  return {};
}

ServerApp::Step ServerApp::build() {
  http_.emplace("http", log_);
  gateways_.emplace("gateways", log_);
  workers_ = std::make_unique<workers::WorkerPool>(
      workers::WorkerPool::Parts{*store_, clock_, log_, metrics_}, workers::WorkerOptions{});
  stream_ = std::make_unique<stream::Stream>(
      stream::Stream::Parts{http_->executor(), *store_, *workers_, clock_, log_, metrics_},
      stream::StreamOptions{});
  command_audit_ = std::make_unique<CommandAudit>(*audit_, *workers_, log_);
  command_audit_->catch_up(*published_);
  commands_ = std::make_unique<api::CommandBook>(
      *published_, [this](const auto& row) { command_audit_->ended(row); });
  changes_.add(*activity_);
  changes_.add(*commands_);
  ingest_ =
      build_ingest({*store_, *published_, *stream_, clock_, log_, metrics_, &changes_}, config_);
  backups_.emplace(*store_, log_);
  auto scratch = data_->make_scratch();
  if (!scratch) return failed(kExitDatabase, scratch.error());
  server_ = std::make_unique<api::Server>(
      api::Server::Parts{.executor = http_->executor(),
                         .dispatcher = build_dispatcher(*std::move(scratch)),
                         .workers = *workers_,
                         .stream = *stream_,
                         .clock = clock_,
                         .log = log_,
                         .tls = tls_gate_.get()},
      server_options(config_, raise_file_limit()));
  return {};
}

api::Dispatcher ServerApp::build_dispatcher(std::filesystem::path scratch) {
  return api::Dispatcher({.resources = build_resources(std::move(scratch)),
                          .auth = *auth_,
                          .audit = api::RequestAudit(*audit_, log_),
                          .clock = clock_,
                          .log = log_,
                          .metrics = metrics_,
                          .host_guard = {config_.listen.host, config_.allowed_hosts},
                          .forwarded = api::Forwarded(config_.trusted_proxies),
                          .base_path = config_.base_path,
                          .token_file = token_file(config_, *data_)});
}

api::Resources ServerApp::build_resources(std::filesystem::path scratch) {
  const api::RequestAudit audit(*audit_, log_);
  const auto back_up = [this](std::filesystem::path file, BackupThread::Done done) {
    backups_->back_up(std::move(file), std::move(done));
  };
  const auto retry = [this](const std::string& gateway) { links_->retry_now(gateway); };
  return {.health = api::HealthResource([this] { return part_states(*ingest_, *published_); }),
          .metrics = api::MetricsResource(metrics_),
          .openapi = {},
          .page = api::PageResource(api::Assets(api::embedded_files(), config_.base_path)),
          .fleet = api::FleetResource(*published_),
          .rows = api::RowsResource(*published_),
          .retry = api::RetryResource(*published_, retry, log_),
          .commands = api::CommandsResource(
              {*ingest_, *published_, *commands_, audit, clock_, http_->executor()}),
          .reads = api::ReadsResource(
              [this](const std::string& gateway, fleet::Reading what, auto done) {
                links_->read(gateway, std::move(what), std::move(done));
              },
              *published_),
          .activity = api::ActivityResource(*activity_, clock_),
          .events = api::EventsResource(*store_, log_),
          .status = api::StatusResource({.store = *store_,
                                         .log = log_,
                                         .readers = [this] { return stream_->readers(); },
                                         .dated_ahead = [this] { return ingest_->dated_ahead(); }},
                                        {.version = std::string(kProgramVersion),
                                         .database = "sqlite",
                                         .retention = config_.retention,
                                         .started_at = clock_.wall()}),
          .stream = api::StreamResource(*published_),
          .backup = api::BackupResource({back_up, std::move(scratch), audit, log_}),
          .sign_in = api::SignInResource({*auth_, audit, clock_, log_, metrics_}),
          .tokens = api::TokensResource(*auth_, audit, log_),
          .audit = api::AuditResource(*audit_)};
}

ServerApp::Step ServerApp::build_links() {
  auto identity = start_identity(*data_);
  if (!identity) return std::unexpected(identity.error());
  view_ = std::make_unique<PublishedView>(*published_);
  links_ = std::make_unique<LinkSet>(gateway::Link::Parts{gateways_->executor(), *ingest_, clock_,
                                                          log_, metrics_, *identity, view_.get()},
                                     config_, *data_);
  changes_.add(*links_);
  return {};
}

ServerApp::Step ServerApp::bind() {
  if (auto bound = server_->listen(); !bound)
    return std::unexpected(address_failure(bound.error()));
  return {};
}

ServerApp::Step ServerApp::serve() {
  ingest_->start(*links_);
  auto told = announce_gateways(*ingest_, *published_, config_, clock_, kFirstCommitLimit);
  if (!told) return failed(kExitDatabase, told.error());
  const bool serving = http_->finish(
      [this](const auto& done) {
        server_->start();
        done();
      },
      kServerLimit);
  if (!serving) return std::unexpected(Failure{kExitProblem, "the server does not start in time"});
  auto file = RunFile::write(data_->root(),
                             {host_to_reach(config_.listen.host), server_->port(), ::getpid(),
                              std::string(kProgramVersion), config_.tls_certificate.path});
  if (!file) return failed(kExitDatabase, file.error());
  run_file_.emplace(std::move(*file));
  tell_where();
  const bool linked = gateways_->finish(
      [this](const auto& done) {
        links_->resume(*published_);
        links_->start();
        done();
      },
      kLinksLimit);
  if (!linked) return std::unexpected(Failure{kExitProblem, "the gateways do not start in time"});
  return {};
}

/// Runs beside everything else; nobody waits for it.
ServerApp::Step ServerApp::fill_in() {
  filling_ = std::jthread([this, before = activity_->head().seq + 1](const std::stop_token& stop) {
    auto filled = fill_activity(*activity_, *store_, before, clock_.wall(), stop);
    if (!filled)
      log_.warn("the activity of the last hour is incomplete", {{"why", filled.error().message}});
  });
  return {};
}

std::string ServerApp::url() const {
  return (tls_ ? "https://" : "http://") + authority(config_.listen.host, server_->port());
}

void ServerApp::beat(Millis interval, std::function<void()> heart) {
  heartbeat_.emplace(http_->executor(), interval, std::move(heart));
}

void ServerApp::read_certificate_again() {
  if (certificate_) return certificate_->read_again();
  log_.info("there is no TLS certificate to read again");
}

void ServerApp::tell_where() {
  const auto served = net::Endpoint::parse(url());
  if (!tls_ && served && !served->is_loopback() && config_.trusted_proxies.empty()) {
    log_.warn(
        "whoever signs in from another machine sends the token unencrypted; set "
        "CONTROL_CENTER_TLS_CERT_FILE, or put a proxy in front",
        {{"url", url()}});
  }
  const bool own_token = !config_.admin_token.given();
  log_.info(
      "control center is serving",
      {{"version", std::string(kProgramVersion)},
       {"url", url()},
       {"data_dir", config_.data_dir.string()},
       {"database", config_.database.string()},
       {"admin_token_in", own_token ? data_->admin_token().string() : config_.admin_token.key()}});
  for (const auto& gateway : config_.gateways) {
    log_.info("gateway configured", {{"gateway", gateway.name},
                                     {"ws_url", shown(gateway.ws_url)},
                                     {"rest_url", shown(gateway.rest_url)}});
    if (crosses_a_network_in_plain(gateway.ws_url) ||
        crosses_a_network_in_plain(gateway.rest_url)) {
      log_.warn("the gateway's token crosses the network unencrypted; use wss and https",
                {{"gateway", gateway.name}});
    }
  }
}

/// What is not over by then is cut off when its thread ends.
void ServerApp::end(std::string_view part, IoThread& thread, const IoThread::Task& stop,
                    Millis limit) {
  if (thread.finish(stop, limit)) return;
  log_.warn("a part did not stop in time; what it was doing is cut off",
            {{"part", std::string(part)}});
}

void ServerApp::stop() {
  log_.info("stopping");
  run_file_.reset();
  filling_ = {};
  end("gateways", *gateways_, [this](const auto& done) { links_->stop(done); }, kLinksLimit);
  ingest_->stop();
  backups_->stop();
  end("server", *http_, [this](const auto& done) { server_->stop(done); }, kServerLimit);
  workers_->stop();
  if (tls_) {
    end("TLS", *tls_, [this](const auto& done) { tls_gate_->drain(done); }, kFarewellLimit);
  }
  if (auto closed = store_->close_cleanly(); !closed) {
    log_.error("the database could not be closed cleanly", {{"why", closed.error().message}});
  }
  log_.info("stopped");
}

}  // namespace cc::app
