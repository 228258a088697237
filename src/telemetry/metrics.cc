#include "telemetry/metrics.h"

#include <functional>
#include <map>
#include <unordered_map>

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include "base/guarded.h"

namespace cc::telemetry {
namespace {

using prometheus::BuildCounter;
using prometheus::BuildGauge;
using prometheus::BuildHistogram;
using prometheus::Counter;
using prometheus::Family;
using prometheus::Gauge;
using prometheus::Histogram;
using prometheus::Registry;
using Buckets = Histogram::BucketBoundaries;

const Buckets& commit_buckets() {
  static const Buckets kSeconds{.0001, .00025, .0005, .001, .0025, .005, .01,
                                .025,  .05,    .1,    .25,  1,     5};
  return kSeconds;
}

const Buckets& request_buckets() {
  static const Buckets kSeconds{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 5};
  return kSeconds;
}

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>{}(text);
  }
};

// The series of one family by the value of one label. Family::Add finds them too, but builds and
// hashes a map of labels at each call.
template <class Series>
class ByLabel {
 public:
  using Make = std::function<Series&(const std::string&)>;
  explicit ByLabel(Make make) : make_(std::move(make)) {}

  Series& operator[](std::string_view value) {
    const MutexLock lock(mutex_);
    if (const auto found = series_.find(value); found != series_.end()) return *found->second;
    Series& made = make_(std::string(value));
    series_.emplace(value, &made);
    return made;
  }

 private:
  const Make make_;
  Mutex mutex_;
  std::unordered_map<std::string, Series*, TextHash, std::equal_to<>> series_ GUARDED_BY(mutex_);
};

ByLabel<Counter> counters(Registry& registry, const char* name, const char* help,
                          const char* label) {
  Family<Counter>& family = BuildCounter().Name(name).Help(help).Register(registry);
  return ByLabel<Counter>([&family, label](const std::string& value) -> Counter& {
    return family.Add({{label, value}});
  });
}

ByLabel<Gauge> gauges(Registry& registry, const char* name, const char* help, const char* label) {
  Family<Gauge>& family = BuildGauge().Name(name).Help(help).Register(registry);
  return ByLabel<Gauge>([&family, label](const std::string& value) -> Gauge& {
    return family.Add({{label, value}});
  });
}

ByLabel<Histogram> histograms(Registry& registry, const char* name, const char* help,
                              const char* label, const Buckets& buckets) {
  Family<Histogram>& family = BuildHistogram().Name(name).Help(help).Register(registry);
  return ByLabel<Histogram>([&family, label, &buckets](const std::string& value) -> Histogram& {
    return family.Add({{label, value}}, buckets);
  });
}

Counter& counter(Registry& registry, const char* name, const char* help) {
  return BuildCounter().Name(name).Help(help).Register(registry).Add({});
}

Gauge& gauge(Registry& registry, const char* name, const char* help) {
  return BuildGauge().Name(name).Help(help).Register(registry).Add({});
}

Histogram& histogram(Registry& registry, const char* name, const char* help,
                     const Buckets& buckets) {
  return BuildHistogram().Name(name).Help(help).Register(registry).Add({}, buckets);
}

// Two labels: the rare pairs go through the family itself.
class Pairs {
 public:
  Pairs(Registry& registry, const char* name, const char* help, const char* first,
        const char* second)
      : family_(BuildCounter().Name(name).Help(help).Register(registry)),
        first_(first),
        second_(second) {}

  Counter& at(std::string_view first, std::string_view second) {
    return family_.Add({{first_, std::string(first)}, {second_, std::string(second)}});
  }

 private:
  Family<Counter>& family_;
  const char* first_;
  const char* second_;
};

double number(std::size_t count) {
  return static_cast<double>(count);
}

struct GatewayFigures {
  explicit GatewayFigures(Registry& r)
      : frames(counters(r, "control_center_gateway_frames_total", "Frames received.", "gateway")),
        bytes(counters(r, "control_center_gateway_bytes_total", "Bytes of frames received.",
                       "gateway")),
        understanding(counters(r, "control_center_gateway_frame_seconds_total",
                               "Time from a frame's last byte until what it says was handed on.",
                               "gateway")),
        refused(r, "control_center_gateway_input_refused_total",
                "Frames and rows that could not be understood.", "gateway", "why"),
        attempts(counters(r, "control_center_gateway_connect_attempts_total",
                          "Attempts to open the WebSocket.", "gateway")),
        connected(gauges(r, "control_center_gateway_connected",
                         "Whether the WebSocket is open and its initial sync committed.",
                         "gateway")),
        gaps(counters(r, "control_center_gateway_gaps_total",
                      "Times that events of the gateway were lost.", "gateway")),
        polls(r, "control_center_gateway_polls_total", "Polls of the REST endpoint.", "gateway",
              "result") {}

  ByLabel<Counter> frames;
  ByLabel<Counter> bytes;
  ByLabel<Counter> understanding;
  Pairs refused;
  ByLabel<Counter> attempts;
  ByLabel<Gauge> connected;
  ByLabel<Counter> gaps;
  Pairs polls;
};

struct IngestFigures {
  explicit IngestFigures(Registry& r)
      : commits(histogram(r, "control_center_commit_seconds", "Time taken by one transaction.",
                          commit_buckets())),
        failures(counter(r, "control_center_commit_failures_total", "Transactions that failed.")),
        entries(counter(r, "control_center_journal_entries_total", "Journal entries committed.")),
        rows(counter(r, "control_center_rows_written_total", "State rows written or removed.")),
        queue(gauge(r, "control_center_ingest_queue", "Observations that wait to be merged.")),
        dropped(counter(r, "control_center_observations_dropped_total",
                        "Observations dropped under pressure; a resync follows.")),
        trimmed(counter(r, "control_center_journal_trimmed_total",
                        "Journal entries removed by retention.")) {}

  Histogram& commits;
  Counter& failures;
  Counter& entries;
  Counter& rows;
  Gauge& queue;
  Counter& dropped;
  Counter& trimmed;
};

struct StreamFigures {
  explicit StreamFigures(Registry& r)
      : readers(gauge(r, "control_center_stream_readers", "Open streams.")),
        entries(counter(r, "control_center_stream_entries_sent_total",
                        "Journal entries sent, over all readers.")),
        bytes(counter(r, "control_center_stream_bytes_sent_total", "Bytes sent to readers.")),
        replayed(counter(r, "control_center_stream_entries_replayed_total",
                         "Journal entries that readers were served from the store.")),
        resets(counters(r, "control_center_stream_resets_total",
                        "Times that a reader was told to load the fleet again.", "reason")) {}

  Gauge& readers;
  Counter& entries;
  Counter& bytes;
  Counter& replayed;
  ByLabel<Counter> resets;
};

struct WorkerFigures {
  explicit WorkerFigures(Registry& r)
      : waiting(gauge(r, "control_center_worker_tasks_waiting",
                      "Pieces of work that wait for a worker.")),
        running(gauge(r, "control_center_worker_tasks_running",
                      "Pieces of work that a worker is busy with.")),
        refused(counter(r, "control_center_worker_tasks_refused_total",
                        "Pieces of work refused because too many of one client waited.")),
        seconds(histogram(r, "control_center_worker_task_seconds",
                          "Time from asking for a piece of work to its end.", request_buckets())) {}

  Gauge& waiting;
  Gauge& running;
  Counter& refused;
  Histogram& seconds;
};

struct ApiFigures {
  explicit ApiFigures(Registry& r)
      : requests(r, "control_center_http_requests_total", "Requests answered.", "route", "status"),
        seconds(histograms(r, "control_center_http_request_seconds", "Time taken by one request.",
                           "route", request_buckets())),
        sign_ins(counters(r, "control_center_sign_ins_total", "Attempts to sign in.", "result")) {}

  Pairs requests;
  ByLabel<Histogram> seconds;
  ByLabel<Counter> sign_ins;
};

const char* result(bool ok) {
  return ok ? "ok" : "failed";
}

}  // namespace

class Metrics::Impl {
 public:
  Registry registry;
  GatewayFigures gateway{registry};
  IngestFigures ingest{registry};
  StreamFigures stream{registry};
  WorkerFigures workers{registry};
  ApiFigures api{registry};
};

Metrics::Metrics() : impl_(std::make_unique<Impl>()) {}
Metrics::~Metrics() = default;

void Metrics::frame_received(std::string_view gateway, std::size_t bytes) {
  impl_->gateway.frames[gateway].Increment();
  impl_->gateway.bytes[gateway].Increment(number(bytes));
}

void Metrics::frame_understood(std::string_view gateway, double seconds) {
  impl_->gateway.understanding[gateway].Increment(seconds);
}

void Metrics::input_refused(std::string_view gateway, std::string_view why) {
  impl_->gateway.refused.at(gateway, why).Increment();
}

void Metrics::connect_attempt(std::string_view gateway) {
  impl_->gateway.attempts[gateway].Increment();
}

void Metrics::connected(std::string_view gateway, bool now) {
  impl_->gateway.connected[gateway].Set(now ? 1 : 0);
}

void Metrics::sequence_gap(std::string_view gateway) {
  impl_->gateway.gaps[gateway].Increment();
}

void Metrics::poll(std::string_view gateway, bool ok) {
  impl_->gateway.polls.at(gateway, result(ok)).Increment();
}

void Metrics::committed(std::size_t entries, std::size_t rows, double seconds) {
  impl_->ingest.entries.Increment(number(entries));
  impl_->ingest.rows.Increment(number(rows));
  impl_->ingest.commits.Observe(seconds);
}

void Metrics::commit_failed() {
  impl_->ingest.failures.Increment();
}

void Metrics::queue_depth(std::size_t observations) {
  impl_->ingest.queue.Set(number(observations));
}

void Metrics::observations_dropped(std::size_t count) {
  impl_->ingest.dropped.Increment(number(count));
}

void Metrics::journal_trimmed(std::size_t entries) {
  impl_->ingest.trimmed.Increment(number(entries));
}

void Metrics::readers(long change) {
  impl_->stream.readers.Increment(static_cast<double>(change));
}

void Metrics::entries_sent(std::size_t entries, std::size_t bytes) {
  impl_->stream.entries.Increment(number(entries));
  impl_->stream.bytes.Increment(number(bytes));
}

void Metrics::replayed(std::size_t entries) {
  impl_->stream.replayed.Increment(number(entries));
}

void Metrics::reset_sent(std::string_view reason) {
  impl_->stream.resets[reason].Increment();
}

void Metrics::tasks_waiting(std::size_t tasks) {
  impl_->workers.waiting.Set(number(tasks));
}

void Metrics::tasks_running(long change) {
  impl_->workers.running.Increment(static_cast<double>(change));
}

void Metrics::task_refused() {
  impl_->workers.refused.Increment();
}

void Metrics::task_ended(double seconds) {
  impl_->workers.seconds.Observe(seconds);
}

void Metrics::request(std::string_view route, int status, double seconds) {
  impl_->api.requests.at(route, std::to_string(status)).Increment();
  impl_->api.seconds[route].Observe(seconds);
}

void Metrics::sign_in(bool ok) {
  impl_->api.sign_ins[result(ok)].Increment();
}

std::string Metrics::text() const {
  return prometheus::TextSerializer().Serialize(impl_->registry.Collect());
}

}  // namespace cc::telemetry
