#pragma once
// For tests: a whole server on a free port, with a fleet, a journal, a stream and a faked login
// behind it.

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/resources/program/health.h"
#include "api/server/limits.h"
#include "api/testing/fake_audit.h"
#include "api/testing/fake_auth.h"
#include "api/testing/raw_client.h"
#include "base/testing/fake_clock.h"
#include "fleet/gateway_reads.h"
#include "fleet/observation.h"
#include "fleet/state/activity.h"
#include "fleet/state/published.h"
#include "store/store.h"
#include "workers/worker_pool.h"

namespace cc::api::testing {

struct RunningOptions {
  fleet::Fleet fleet;
  std::vector<std::string> allowed_hosts;
  Limits limits;
  std::optional<std::string> token_file;
  std::vector<std::string> trusted_proxies;
  workers::WorkerOptions workers;
  bool tls = false;  // with a certificate of its own, and little patience with handshakes
};

class RunningServer {
 public:
  explicit RunningServer(RunningOptions options = {});
  ~RunningServer();

  [[nodiscard]] unsigned short port() const;
  /// Commits so many entries to the journal and moves the published cursor along.
  void commit(std::size_t entries, std::size_t filler = 0);
  /// These, numbered and stamped.
  void commit(std::vector<journal::Entry> entries);
  /// The same up to the stream: the published cursor stays where it is.
  void commit_unpublished(std::size_t entries);
  /// Something was heard; it is merged into the published fleet.
  void see(fleet::Observation seen);
  void storage_fails(bool fails);
  [[nodiscard]] std::string cursor() const;
  /// Of the stream, now.
  [[nodiscard]] std::size_t readers() const;
  /// As the program would at the end; returns once everything has ended.
  void stop();

  /// One request on a connection of its own. `more` are further header lines, each with its line
  /// end.
  Answer get(std::string_view target, std::string_view token = kViewerToken,
             std::string_view more = {}) const;
  Answer ask(std::string_view method, std::string_view target, std::string_view token,
             std::string_view body = {}, std::string_view more = {}) const;

  /// What a gateway answers to who looks; nothing: it is away. Set it before anybody asks.
  std::function<Result<std::string>(const fleet::Reading&)> reads;

  FakeClock clock;
  FakeAuth auth{clock};
  FakeAudit audit;
  telemetry::Metrics metrics;
  std::vector<std::string> retried;  // gateways, in order
  std::vector<PartState> parts;      // set before asking
  std::filesystem::path scratch;
  [[nodiscard]] std::string log() const;
  [[nodiscard]] workers::WorkerPool& workers();
  [[nodiscard]] store::Store& store();
  [[nodiscard]] fleet::Activity& activity();

 private:
  void store_entries(std::vector<journal::Entry>& made);

  struct Behind;
  std::unique_ptr<Behind> behind_;
};

}  // namespace cc::api::testing
