#include "bench/benches/contenders.h"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <thread>

#include "bench/benches/fed_server.h"
#include "bench/load/socket_publisher.h"
#include "bench/load/sockets.h"
#include "bench/subject/bare_fanout.h"
#include "bench/subject/nchan.h"

namespace cc::bench {
namespace {

constexpr double kWarmUp = 0.4;
/// What of an entry of ours is not the title.
constexpr std::size_t kEntryFrame = 660;
/// What nchan puts around its data, so that all readers get as many bytes.
constexpr std::size_t kNchanFrame = 26;

class Ours final : public Contender {
 public:
  Ours(const Setting& setting, const ContenderSpec& spec, SourceThread& source)
      : fed_(
            setting,
            {.folder = "ours",
             .gateway = {.title_bytes = std::max(spec.event_bytes, kEntryFrame + 16) - kEntryFrame},
             .cpu = spec.pinned ? Setting::kServerCpu : -1},
            source) {}

  std::string name() const override { return "control-center"; }
  Readers::Spec readers() override {
    auto [request, after] = server().place();
    head_ = after;
    return {.port = server().port(), .request = std::move(request), .after = after};
  }
  Publisher& publisher() override { return fed_.gateway(); }
  double serving_cpu() override { return server().serving_cpu(); }
  double intake_cpu() override { return server().commit_cpu() + server().gateway_cpu(); }
  void verify(std::uint64_t events) override {
    const std::uint64_t made = server().head() - head_;
    if (made != events) {
      throw std::runtime_error(std::to_string(events) + " events made " + std::to_string(made) +
                               " entries");
    }
  }

 private:
  ControlCenter& server() { return fed_.server(); }

  FedServer fed_;
  std::uint64_t head_ = 0;
};

/// What is fed over a socket, and so by a new publisher for each measurement, which counts anew.
class FedBySocket : public Contender {
 public:
  explicit FedBySocket(SourceThread& source) : source_(source) {}
  Publisher& publisher() override { return *publisher_; }
  void verify(std::uint64_t /*events*/) override { drop_publisher(); }

 protected:
  void make_publisher(std::uint16_t port, const SocketPublisher::Encode& encode) {
    drop_publisher();
    publisher_ =
        source_.run([&] { return std::make_unique<SocketPublisher>(source_.io(), port, encode); });
  }
  /// Its handlers must be gone before it is, so its thread sees to it in two steps.
  void drop_publisher() {
    if (!publisher_) return;
    source_.run([this] { publisher_->close(); });
    source_.run([this] { publisher_.reset(); });
  }

 private:
  SourceThread& source_;
  std::unique_ptr<SocketPublisher> publisher_;
};

class Peer final : public FedBySocket {
 public:
  Peer(const Setting& setting, const ContenderSpec& spec, SourceThread& source,
       std::size_t event_bytes)
      : FedBySocket(source),
        payload_(event_bytes - kNchanFrame),
        server_(setting.fresh("nchan"), spec.pinned ? Setting::kServerCpu : -1) {}
  ~Peer() override { drop_publisher(); }

  std::string name() const override { return "nchan"; }
  Readers::Spec readers() override {
    make_publisher(server_.port(), [payload = payload_](std::string& out, std::uint64_t number) {
      std::string data;
      append_numbered(data, number, payload);
      Nchan::append_publish(out, data);
    });
    return {.port = server_.port(),
            .request = Nchan::subscribe_request(),
            .wire = Wire::kPlain,
            .payload = payload_};
  }
  double serving_cpu() override { return server_.serving_cpu(); }

 private:
  const std::size_t payload_;
  Nchan server_;
};

class Limit final : public FedBySocket {
 public:
  Limit(const Setting& setting, const ContenderSpec& spec, SourceThread& source,
        std::size_t event_bytes)
      : FedBySocket(source),
        event_bytes_(event_bytes),
        server_({.folder = setting.fresh("limit"),
                 .event_bytes = event_bytes,
                 .commits = spec.limit_commits,
                 .cpu = spec.pinned ? Setting::kServerCpu : -1}) {}
  ~Limit() override { drop_publisher(); }

  std::string name() const override { return "limit"; }
  Readers::Spec readers() override {
    bool first = true;
    make_publisher(server_.port(),
                   [this, first, base = number_](std::string& out, std::uint64_t number) mutable {
                     if (std::exchange(first, false)) out += BareFanout::kPublisher;
                     out += BareFanout::event(number_ = base + number, event_bytes_);
                   });
    return {.port = server_.port(), .request = BareFanout::subscribe_request(), .after = number_};
  }
  double serving_cpu() override { return server_.serving_cpu(); }

 private:
  const std::size_t event_bytes_;
  std::uint64_t number_ = 0;
  BareFanout server_;
};

/// How many bytes a reader gets for one event of ours.
std::size_t measure_event(Ours& ours, SourceThread& source) {
  Pacer pacer(source.io().get_executor(), ours.publisher());
  const Readers readers(ours.readers());
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  const std::uint64_t before = readers.bytes();
  pacer.publish_once();
  readers.wait_for(1);
  return readers.bytes() - before;
}

void sleep(double seconds) {
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
}

/// Counters at one moment.
struct Snapshot {
  std::int64_t time = steady_now();
  std::uint64_t delivered = 0;
  std::uint64_t bytes = 0;
  std::uint64_t published = 0;
  double serving = 0;
  double intake = 0;
};

Snapshot look(Contender& contender, const Readers& readers, const Pacer& pacer) {
  return {.time = steady_now(),
          .delivered = readers.delivered(),
          .bytes = readers.bytes(),
          .published = pacer.published(),
          .serving = contender.serving_cpu(),
          .intake = contender.intake_cpu()};
}

Outcome between(const Snapshot& a, const Snapshot& b) {
  const double seconds = static_cast<double>(b.time - a.time) / 1e9;
  const auto deliveries = static_cast<double>(b.delivered - a.delivered);
  return {.deliveries_per_second = deliveries / seconds,
          .events_per_second = static_cast<double>(b.published - a.published) / seconds,
          .serving_cpu_share = (b.serving - a.serving) / seconds,
          .intake_cpu_share = (b.intake - a.intake) / seconds,
          .deliveries_per_cpu_second = deliveries / (b.serving - a.serving),
          .event_bytes = static_cast<double>(b.bytes - a.bytes) / deliveries,
          .latencies = {}};
}

}  // namespace

std::vector<std::unique_ptr<Contender>> make_contenders(const Setting& setting,
                                                        const ContenderSpec& spec,
                                                        SourceThread& source) {
  std::vector<std::unique_ptr<Contender>> all;
  auto ours = std::make_unique<Ours>(setting, spec, source);
  const std::size_t event_bytes = measure_event(*ours, source);
  all.push_back(std::move(ours));
  if (spec.with_peer && Nchan::installed()) {
    all.push_back(std::make_unique<Peer>(setting, spec, source, event_bytes));
  }
  all.push_back(std::make_unique<Limit>(setting, spec, source, event_bytes));
  return all;
}

Outcome measure(Contender& contender, SourceThread& source, std::size_t count, const Load& load,
                double seconds, int cpu) {
  Readers::Spec spec = contender.readers();
  spec.count = count;
  spec.cpu = cpu;
  Pacer pacer(source.io().get_executor(), contender.publisher());
  Outcome outcome;
  {
    Readers readers(
        spec, [&](std::uint64_t number) { pacer.completed(number); },
        [&](std::uint64_t number) { return pacer.sent_at(number); });
    load.window > 0 ? pacer.keep_outstanding(load.window) : pacer.keep_rate(load.rate);
    sleep(kWarmUp);
    readers.record(load.window == 0);
    const Snapshot before = look(contender, readers, pacer);
    sleep(seconds);
    outcome = between(before, look(contender, readers, pacer));
    pacer.pause();
    readers.wait_for(pacer.published());
    readers.record(false);
    readers.check();
    outcome.latencies = readers.latencies();
  }
  // What the readers posted last is run before the pacer goes.
  source.drain();
  contender.verify(pacer.published());
  return outcome;
}

}  // namespace cc::bench
