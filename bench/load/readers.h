#pragma once
// Many readers of one stream, on a thread of their own. They check what they get: every entry, in
// order, none twice.

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "bench/load/wire.h"
#include "bench/report/stats.h"

namespace cc::bench {

class Readers {
 public:
  struct Spec {
    std::size_t count = 1;
    std::uint16_t port = 0;
    std::string request;  // as it goes out, with its blank line
    Wire wire = Wire::kChunked;
    std::size_t payload = 0;
    std::uint64_t after = 0;  // the first entry must have the next number
    int cpu = -1;             // where the thread is to run; -1: anywhere
  };
  /// On the readers' thread, whenever all of them have got the entry with this number (counted from
  /// `after`).
  using Completed = std::function<void(std::uint64_t)>;
  /// When an entry (counted from `after`) was sent, in steady nanoseconds; 0: unknown.
  using SentAt = std::function<std::int64_t(std::uint64_t)>;

  /// Connects them all; returns when each has its answer's head.
  explicit Readers(Spec spec, Completed completed = {}, SentAt sent_at = {});
  ~Readers();
  Readers(const Readers&) = delete;
  Readers& operator=(const Readers&) = delete;

  /// Throws what went wrong in one of the readers: a hole, a repetition, a lost connection.
  void check() const;
  /// Waits until all of them have got entry `number` (counted from `after`). Throws if nothing has
  /// come to them for a minute.
  void wait_for(std::uint64_t number) const;

  [[nodiscard]] std::uint64_t delivered() const { return delivered_.load(); }
  [[nodiscard]] std::uint64_t bytes() const { return bytes_.load(); }
  [[nodiscard]] std::uint64_t completed() const { return complete_.load(); }

  /// Latencies are kept between these two calls.
  void record(bool on) { recording_ = on; }
  /// Of what was recorded. Only while not recording, and with nothing on its way.
  [[nodiscard]] const Histogram& latencies() const { return latencies_; }
  void forget_latencies() { latencies_.clear(); }

 private:
  struct Reader;

  void connect_some(std::size_t count);
  void open();
  void run();
  void serve(int timeout_ms);
  void receive(Reader& reader);
  void take(Reader& reader, std::string_view bytes);
  std::size_t take_head(Reader& reader, std::string_view bytes);
  void begin(Reader& reader, const Block& block);
  void arrived(Reader& reader);
  void complete_up_to_date();
  void fail(const std::string& why);

  const Spec spec_;
  const Completed on_completed_;
  const SentAt sent_at_;
  int epoll_ = -1;
  int stop_ = -1;
  std::vector<std::unique_ptr<Reader>> readers_;
  std::size_t answered_ = 0;
  std::string buffer_;
  std::vector<std::uint32_t> reached_;  // how many have got an entry, by its number modulo the size
  std::int64_t now_ = 0;
  std::uint64_t arrived_ = 0;
  Histogram latencies_;
  std::atomic<bool> recording_{false};
  std::atomic<std::uint64_t> complete_{0};
  std::atomic<std::uint64_t> delivered_{0};
  std::atomic<std::uint64_t> bytes_{0};
  std::atomic<bool> failed_{false};
  std::string failure_;  // written once, before failed_
  struct Thread;
  std::unique_ptr<Thread> thread_;
};

}  // namespace cc::bench
