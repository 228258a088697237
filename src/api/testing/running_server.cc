#include "api/testing/running_server.h"

#include <fstream>
#include <future>
#include <mutex>
#include <sstream>
#include <thread>

#include <boost/asio.hpp>
#include <stdlib.h>

#include "api/server/server.h"
#include "api/testing/merging_sink.h"
#include "base/testing/self_signed.h"
#include "store/testing/memory_store.h"
#include "stream/stream.h"

namespace cc::api::testing {
namespace {

namespace asio = boost::asio;
using cc::testing::put_file;
using cc::testing::SelfSigned;

std::filesystem::path make_scratch() {
  std::string name = (std::filesystem::temp_directory_path() / "cc-api-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no scratch folder");
  return name;
}

/// Looks at the time often: the test turns the clock.
stream::StreamOptions stream_options() {
  stream::StreamOptions options;
  options.tick = Millis(5);
  return options;
}

Forwarded forwarded(const RunningOptions& options) {
  std::vector<Network> proxies;
  for (const auto& text : options.trusted_proxies) proxies.push_back(Network::parse(text).value());
  return Forwarded(std::move(proxies));
}

/// A gate on a thread of its own, as the program has it.
class RunningGate {
 public:
  RunningGate(const std::filesystem::path& folder, telemetry::Log& log)
      : gate_(io_.get_executor(), make_watch(folder, log),
              {.handshake = Millis(500), .farewell = Millis(500), .look_every = Millis(50)}),
        thread_([this] { io_.run(); }) {}
  ~RunningGate() {
    io_.stop();
    thread_.join();
  }
  RunningGate(const RunningGate&) = delete;
  RunningGate& operator=(const RunningGate&) = delete;

  [[nodiscard]] TlsGate& gate() { return gate_; }
  void drain() {
    std::promise<void> drained;
    gate_.drain([&] { drained.set_value(); });
    drained.get_future().wait_for(std::chrono::seconds(5));
  }

 private:
  static std::shared_ptr<CertificateWatch> make_watch(const std::filesystem::path& folder,
                                                      telemetry::Log& log) {
    const TlsFiles files{.certificate = {"certificate", folder / "cert.pem"},
                         .key = {"key", folder / "key.pem"}};
    const SelfSigned pair;
    put_file(files.certificate.path, pair.certificate());
    put_file(files.key.path, pair.key());
    return std::make_shared<CertificateWatch>(files, Certificate::load(files).value(), log);
  }

  asio::io_context io_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_{io_.get_executor()};
  TlsGate gate_;
  std::thread thread_;
};

}  // namespace

struct RunningServer::Behind {
  Behind(RunningServer& self, RunningOptions options)
      : store(store::make_memory_store()),
        published(std::move(options.fleet), Cursor{store->position().epoch, 0}),
        sink(published),
        book(published),
        activity(Cursor{store->position().epoch, 0}),
        log(log_text, telemetry::LogLevel::kDebug, telemetry::LogFormat::kText),
        tls(options.tls ? std::make_unique<RunningGate>(self.scratch, log) : nullptr),
        workers({*store, self.clock, log, self.metrics}, options.workers),
        stream({io.get_executor(), *store, workers, self.clock, log, self.metrics},
               stream_options()),
        server(
            {.executor = io.get_executor(),
             .dispatcher = Dispatcher({.resources = resources(self),
                                       .auth = self.auth,
                                       .audit = RequestAudit(self.audit, log),
                                       .clock = self.clock,
                                       .log = log,
                                       .metrics = self.metrics,
                                       .host_guard = HostGuard("127.0.0.1", options.allowed_hosts),
                                       .forwarded = forwarded(options),
                                       .token_file = options.token_file}),
             .workers = workers,
             .stream = stream,
             .clock = self.clock,
             .log = log,
             .tls = tls ? &tls->gate() : nullptr},
            {.host = "127.0.0.1", .port = 0, .limits = options.limits}) {}

  Resources resources(RunningServer& self) {
    const RequestAudit request_audit(self.audit, log);
    return {.health = HealthResource([&self] { return self.parts; }),
            .metrics = MetricsResource(self.metrics),
            .openapi = {},
            .page = PageResource(Assets(embedded_files())),
            .fleet = FleetResource(published),
            .rows = RowsResource(published),
            .retry = RetryResource(
                published, [&self](const std::string& gateway) { self.retried.push_back(gateway); },
                log),
            .commands = CommandsResource(
                {sink, published, book, request_audit, self.clock, io.get_executor()}),
            .reads = ReadsResource(
                [&self](const std::string&, fleet::Reading what, auto done) {
                  done(self.reads ? self.reads(what)
                                  : fail(ErrorCode::kUnavailable, "The gateway is away."));
                },
                published),
            .activity = ActivityResource(activity, self.clock),
            .events = EventsResource(*store, log),
            .status = StatusResource({*store, log, [this] { return stream.readers(); }},
                                     {.version = "test",
                                      .database = "memory",
                                      .retention = Millis(3'600'000),
                                      .started_at = self.clock.wall()}),
            .stream = StreamResource(published),
            .backup = BackupResource({back_up, self.scratch, request_audit, log}),
            .sign_in = SignInResource({self.auth, request_audit, self.clock, log, self.metrics}),
            .tokens = TokensResource(self.auth, request_audit, log),
            .audit = AuditResource(self.audit)};
  }

  /// Calls back on a thread of its own, as the writer would.
  static void back_up(const std::filesystem::path& file, std::function<void(Result<void>)> done) {
    std::thread([file, done = std::move(done)] {
      std::ofstream(file) << std::string(200'000, 'b');
      done({});
    }).detach();
  }

  std::unique_ptr<store::Store> store;
  fleet::PublishedFleet published;
  MergingSink sink;
  CommandBook book;
  fleet::Activity activity;
  std::ostringstream log_text;
  telemetry::Log log;
  asio::io_context io{1};
  std::unique_ptr<RunningGate> tls;
  workers::WorkerPool workers;
  stream::Stream stream;
  Server server;
  std::thread thread;
};

RunningServer::RunningServer(RunningOptions options)
    : scratch(make_scratch()), behind_(std::make_unique<Behind>(*this, std::move(options))) {
  behind_->sink.listeners.push_back(&behind_->book);
  const auto listening = behind_->server.listen();
  if (!listening) throw std::runtime_error(listening.error().message);
  behind_->server.start();
  behind_->thread = std::thread([this] { behind_->io.run(); });
}

RunningServer::~RunningServer() {
  stop();
  std::filesystem::remove_all(scratch);
}

void RunningServer::stop() {
  if (!behind_->thread.joinable()) return;
  std::promise<void> stopped;
  asio::post(behind_->io, [&] { behind_->server.stop([&] { stopped.set_value(); }); });
  stopped.get_future().wait();
  behind_->workers.stop();
  if (behind_->tls) behind_->tls->drain();
  behind_->io.stop();
  behind_->thread.join();
}

std::size_t RunningServer::readers() const {
  return behind_->stream.readers();
}
unsigned short RunningServer::port() const {
  return behind_->server.port();
}
std::string RunningServer::log() const {
  return behind_->log_text.str();
}
void RunningServer::see(fleet::Observation seen) {
  behind_->sink.submit(std::move(seen));
}
void RunningServer::storage_fails(bool fails) {
  behind_->sink.fails = fails;
}
workers::WorkerPool& RunningServer::workers() {
  return behind_->workers;
}
store::Store& RunningServer::store() {
  return *behind_->store;
}
fleet::Activity& RunningServer::activity() {
  return behind_->activity;
}

namespace {

std::vector<journal::Entry> some_entries(std::size_t count, std::size_t filler) {
  const std::string body =
      R"({"at":1,"gateway":"default","filler":")" + std::string(filler, 'x') + R"("})";
  return {count, {.gateway = "default", .event = fleet::EventKind::kSessionUpdate, .body = body}};
}

}  // namespace

void RunningServer::commit(std::size_t entries, std::size_t filler) {
  commit(some_entries(entries, filler));
}

void RunningServer::commit(std::vector<journal::Entry> made) {
  store_entries(made);
  behind_->published.write([&](fleet::Fleet&, Cursor& head) {
    head.seq = made.back().seq;
    behind_->stream.committed(made, head.epoch);
  });
  behind_->stream.wake();
}

void RunningServer::commit_unpublished(std::size_t entries) {
  auto made = some_entries(entries, 0);
  store_entries(made);
  behind_->stream.committed(made, behind_->store->position().epoch);
  behind_->stream.wake();
}

void RunningServer::store_entries(std::vector<journal::Entry>& made) {
  auto transaction = store().begin();
  for (Seq next = (*transaction)->next_seq(); auto& entry : made) {
    entry.seq = next++;
    entry.at = clock.wall();
    if (!(*transaction)->append(entry)) throw std::runtime_error("append");
  }
  if (!(*transaction)->commit()) throw std::runtime_error("commit");
}

std::string RunningServer::cursor() const {
  return behind_->published.read(
      [](const fleet::Fleet&, const Cursor& head) { return head.text(); });
}

Answer RunningServer::get(std::string_view target, std::string_view token,
                          std::string_view more) const {
  return ask("GET", target, token, {}, more);
}

Answer RunningServer::ask(std::string_view method, std::string_view target, std::string_view token,
                          std::string_view body, std::string_view more) const {
  std::string request;
  request.append(method).append(" ").append(target).append(" HTTP/1.1\r\nHost: localhost\r\n");
  if (!token.empty()) request.append("Authorization: Bearer ").append(token).append("\r\n");
  request.append(more);
  if (!body.empty()) {
    request.append("Content-Type: application/json\r\nContent-Length: ")
        .append(std::to_string(body.size()))
        .append("\r\n");
  }
  request.append("\r\n").append(body);
  RawClient client(port());
  client.send(request);
  return client.read(method == "HEAD");
}

}  // namespace cc::api::testing
