#pragma once
// Three systems that hand events to readers, behind one face: ours, the peer, the limit.

#include <memory>
#include <string>
#include <vector>

#include "bench/benches/setting.h"
#include "bench/load/pacer.h"
#include "bench/load/readers.h"
#include "bench/load/source_thread.h"

namespace cc::bench {

/// `publisher` belongs to the thread of the source; all else to the bench's.
class Contender {
 public:
  virtual ~Contender() = default;
  [[nodiscard]] virtual std::string name() const = 0;
  /// Port, request, how entries look, and where the next one follows on.
  [[nodiscard]] virtual Readers::Spec readers() = 0;
  [[nodiscard]] virtual Publisher& publisher() = 0;
  /// CPU seconds so far of what serves readers.
  [[nodiscard]] virtual double serving_cpu() = 0;
  /// And of what takes events in and commits them, where that is something else.
  [[nodiscard]] virtual double intake_cpu() { return 0; }
  /// Throws unless exactly `events` were published since `readers` was asked.
  virtual void verify(std::uint64_t events) = 0;
};

struct ContenderSpec {
  std::size_t event_bytes = 1500;  // about; what ours makes of it is what the others get
  bool pinned = true;              // servers and load on processors of their own
  bool with_peer = true;           // where it is installed
  bool limit_commits = false;      // the limit commits before it sends
};

/// Ours first. They are idle until they are published to.
[[nodiscard]] std::vector<std::unique_ptr<Contender>> make_contenders(const Setting& setting,
                                                                      const ContenderSpec& spec,
                                                                      SourceThread& source);

/// How a contender is loaded: either of the two.
struct Load {
  std::uint64_t window = 0;  // events on their way
  double rate = 0;           // events a second
};

struct Outcome {
  double deliveries_per_second = 0;
  double events_per_second = 0;
  double serving_cpu_share = 0;  // of one processor
  double intake_cpu_share = 0;
  double deliveries_per_cpu_second = 0;
  double event_bytes = 0;
  Histogram latencies;
};

/// Connects the readers, loads, measures for `seconds`, sees that nothing was lost.
[[nodiscard]] Outcome measure(Contender& contender, SourceThread& source, std::size_t readers,
                              const Load& load, double seconds, int cpu);

}  // namespace cc::bench
