#pragma once
// When the next event is published: as soon as few enough are on their way, or at a steady rate.

#include <atomic>
#include <cstdint>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

namespace cc::bench {

/// Brings an event into the system that is measured. On the pacer's executor.
class Publisher {
 public:
  virtual ~Publisher() = default;
  /// Numbers come in order, from 1.
  virtual void publish(std::uint64_t number) = 0;
};

/// `completed`, `published`, `sent_at` and the orders are thread-safe; all else happens on the
/// executor, which one thread runs and which must have come to rest before the pacer goes.
class Pacer {
 public:
  Pacer(boost::asio::any_io_executor executor, Publisher& publisher);

  /// At most so many that not all readers have got.
  void keep_outstanding(std::uint64_t window);
  void keep_rate(double per_second);
  void publish_once();
  /// Publishes no more. When it returns, `published` stands.
  void pause();

  void completed(std::uint64_t number);
  [[nodiscard]] std::uint64_t published() const { return published_.load(); }
  /// Steady nanoseconds; good for the latest 65,536.
  [[nodiscard]] std::int64_t sent_at(std::uint64_t number) const;

 private:
  template <class Change>
  void order(Change change);
  void pump();
  void pump_rate();
  void publish_next();

  boost::asio::any_io_executor executor_;
  Publisher& publisher_;
  boost::asio::steady_timer timer_;
  std::uint64_t window_ = 0;
  double rate_ = 0;
  std::int64_t begun_ = 0;
  std::uint64_t made_ = 0;  // since begun_
  std::atomic<bool> pump_posted_{false};
  std::atomic<std::uint64_t> completed_{0};
  std::atomic<std::uint64_t> published_{0};
  std::vector<std::atomic<std::int64_t>> sent_at_;
};

}  // namespace cc::bench
