#pragma once
// What the parts of one link share.

#include <memory>
#include <string>

#include <boost/asio/any_io_executor.hpp>

#include "base/clock.h"
#include "fleet/sink.h"
#include "gateway/commanding/commander.h"
#include "gateway/fallback/source_reporter.h"
#include "gateway/link_options.h"
#include "gateway/protocol/device_identity.h"
#include "gateway/reading/link_history.h"
#include "gateway/tasks.h"
#include "telemetry/log.h"
#include "telemetry/metrics.h"

namespace cc::gateway {

/// Owned by the link, which outlives all of its parts. On its thread.
struct LinkContext {
  boost::asio::any_io_executor executor;
  fleet::ObservationSink& sink;
  const Clock& clock;
  telemetry::Log& log;
  telemetry::Metrics& metrics;
  const LinkOptions& options;
  protocol::DeviceIdentity identity;
  std::string version;  // ours
  SourceReporter& reporter;
  Tasks& tasks;
  Commander& commander;
  /// Shared: what is committed late may be told of after the link is gone.
  std::shared_ptr<LinkHistory> history;

  [[nodiscard]] const std::string& gateway() const { return options.name; }
  [[nodiscard]] const Timing& timing() const { return options.timing; }
  [[nodiscard]] std::string user_agent() const { return "control-center/" + version; }
};

}  // namespace cc::gateway
