#include "bench/load/pacer.h"

#include <future>

#include <boost/asio/post.hpp>

#include "bench/load/sockets.h"

namespace cc::bench {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kRemembered = 1U << 16U;

}  // namespace

Pacer::Pacer(asio::any_io_executor executor, Publisher& publisher)
    : executor_(std::move(executor)),
      publisher_(publisher),
      timer_(executor_),
      sent_at_(kRemembered) {}

template <class Change>
void Pacer::order(Change change) {
  std::promise<void> done;
  asio::post(executor_, [&] {
    change();
    done.set_value();
  });
  done.get_future().wait();
}

void Pacer::keep_outstanding(std::uint64_t window) {
  order([&] { window_ = window; });
  asio::post(executor_, [this] { pump(); });
}

void Pacer::keep_rate(double per_second) {
  order([&] {
    rate_ = per_second;
    made_ = 0;
    begun_ = steady_now();
    pump_rate();
  });
}

void Pacer::publish_once() {
  order([this] { publish_next(); });
}

void Pacer::pause() {
  order([this] {
    window_ = 0;
    rate_ = 0;
    timer_.cancel();
  });
}

void Pacer::completed(std::uint64_t number) {
  completed_ = number;
  if (!pump_posted_.exchange(true)) asio::post(executor_, [this] { pump(); });
}

std::int64_t Pacer::sent_at(std::uint64_t number) const {
  return sent_at_[number % kRemembered].load(std::memory_order_relaxed);
}

void Pacer::pump() {
  pump_posted_ = false;
  while (published_ < completed_ + window_) publish_next();
}

void Pacer::pump_rate() {
  if (rate_ <= 0) return;
  const double elapsed = static_cast<double>(steady_now() - begun_) / 1e9;
  for (; static_cast<double>(made_) < elapsed * rate_; ++made_) publish_next();
  const double next = static_cast<double>(made_) / rate_;
  timer_.expires_at(asio::steady_timer::time_point(
      std::chrono::nanoseconds(begun_ + static_cast<std::int64_t>(next * 1e9))));
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) pump_rate();
  });
}

void Pacer::publish_next() {
  const std::uint64_t number = published_ + 1;
  sent_at_[number % kRemembered].store(steady_now(), std::memory_order_relaxed);
  publisher_.publish(number);
  published_ = number;
}

}  // namespace cc::bench
