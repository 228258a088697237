#pragma once
// The server from start to stop. Owns the parts and their threads; knows nothing of signals or the
// command line, so a test can run all of it in its own process.

#include <expected>
#include <filesystem>
#include <memory>
#include <optional>
#include <thread>

#include "api/server/server.h"
#include "app/cli/run_file.h"
#include "app/config/config.h"
#include "app/data_dir.h"
#include "app/exit_code.h"
#include "app/wiring/backup_thread.h"
#include "app/wiring/build_ingest.h"
#include "app/wiring/build_links.h"
#include "app/wiring/command_audit.h"
#include "app/wiring/heartbeat.h"
#include "app/wiring/io_thread.h"
#include "fleet/change_fanout.h"
#include "fleet/state/activity.h"
#include "workers/worker_pool.h"

namespace cc::app {

/// Each part uses those declared before it, and is destroyed before them.
class ServerApp {
 public:
  /// All of it must outlive the server.
  struct Parts {
    const Config& config;
    const Clock& clock;
    telemetry::Log& log;
  };

  /// Returns once the server answers, with the fleet that it held before the gateways are there.
  [[nodiscard]] static std::expected<std::unique_ptr<ServerApp>, Failure> start(const Parts& parts);
  /// Without `stop`: drops everything at once. What was committed stays.
  ~ServerApp();
  ServerApp(const ServerApp&) = delete;
  ServerApp& operator=(const ServerApp&) = delete;

  /// In order: the gateways' connections, what they still brought, the readers, the server, the
  /// database.
  void stop();

  [[nodiscard]] std::string url() const;

  /// Calls `heart` every `interval` on the thread that serves, until the end: not while that thread
  /// hangs.
  void beat(Millis interval, std::function<void()> heart);

  /// Reads the TLS certificate again. From any thread; nothing where there is none.
  void read_certificate_again();

 private:
  using Step = std::expected<void, Failure>;

  explicit ServerApp(const Parts& parts)
      : config_(parts.config), clock_(parts.clock), log_(parts.log) {}
  Step open_data();
  Step open_tls();
  Step build();
  api::Dispatcher build_dispatcher(std::filesystem::path scratch);
  api::Resources build_resources(std::filesystem::path scratch);
  Step build_links();
  Step bind();
  Step fill_in();
  Step serve();
  void tell_where();
  void end(std::string_view part, IoThread& thread, const IoThread::Task& stop, Millis limit);

  const Config& config_;
  const Clock& clock_;
  telemetry::Log& log_;
  telemetry::Metrics metrics_;
  std::optional<DataDir> data_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<fleet::PublishedFleet> published_;
  std::unique_ptr<fleet::Activity> activity_;
  std::unique_ptr<auth::Auth> auth_;
  std::unique_ptr<auth::Audit> audit_;
  std::optional<IoThread> http_;
  std::optional<Heartbeat> heartbeat_;
  std::optional<IoThread> tls_;  // where TLS ends, if the server speaks it
  std::optional<IoThread> gateways_;
  std::unique_ptr<workers::WorkerPool> workers_;
  std::optional<BackupThread> backups_;
  std::unique_ptr<stream::Stream> stream_;
  std::unique_ptr<api::CommandBook> commands_;
  std::unique_ptr<CommandAudit> command_audit_;
  fleet::ChangeFanout changes_;
  std::unique_ptr<ingest::Ingest> ingest_;
  std::unique_ptr<PublishedView> view_;
  std::unique_ptr<LinkSet> links_;
  std::shared_ptr<api::CertificateWatch> certificate_;  // null: plain HTTP
  std::unique_ptr<api::TlsGate> tls_gate_;
  std::unique_ptr<api::Server> server_;
  std::optional<RunFile> run_file_;
  std::jthread filling_;  // stopped and joined before anything that it reads goes
};

}  // namespace cc::app
