#include "gateway/reading/outbox.h"

#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "net/completion.h"

namespace cc::gateway {

namespace asio = boost::asio;
using fleet::Ack;
using fleet::Observation;
using net::kTuple;

namespace {
// A page takes a busy gateway a moment, the only one of protocol 3 minutes: from here on each
// session's events count as one, and only what cannot be folded, four times as many, is lost.
constexpr std::size_t kFoldHeldAbove = 20'000;
}  // namespace

struct Outbox::PendingAck {
  explicit PendingAck(const asio::any_io_executor& executor)
      : timer(executor, asio::steady_timer::time_point::max()) {}
  asio::steady_timer timer;
  std::optional<bool> committed;
};

Outbox::Outbox(Parts parts) : parts_(std::move(parts)), held_(kFoldHeldAbove) {}

void Outbox::event(Observation event) {
  if (!holding_) return parts_.sink.submit(std::move(event));
  if (std::holds_alternative<fleet::SignOfLife>(event.what)) return;
  if (auto* changed = std::get_if<fleet::SessionChanged>(&event.what)) {
    changed->may_precede_list = true;
  }
  held_.push({std::move(event), {}});
}

asio::awaitable<void> Outbox::page(Observation page) {
  ready_.push_back({std::move(page), {}});
  const SteadyTime now = parts_.clock.steady();
  const bool due = now >= next_submission_;
  auto before = submitted_;
  if (due) {
    next_submission_ = now + parts_.pages_apart;
    submitted_ = std::make_shared<PendingAck>(parts_.executor);
    ready_.back().ack = ack_of(submitted_);
  }
  let_held_follow();
  if (!due) co_return;
  submit_ready();
  // What is not stored, `ingest` requests again as soon as it can store.
  if (before) co_await fate_of(std::move(before));
}

void Outbox::end(Observation list, Ack ack) {
  submit_ready();
  parts_.sink.submit(std::move(list), std::move(ack));
  release();
}

asio::awaitable<bool> Outbox::commit(Observation list, Ack ack) {
  auto pending = std::make_shared<PendingAck>(parts_.executor);
  end(std::move(list),
      [ack = std::move(ack), pending_ack = ack_of(pending)](const Result<void>& fate) {
        ack(fate);
        pending_ack(fate);
      });
  co_return co_await fate_of(std::move(pending));
}

void Outbox::release() {
  holding_ = false;
  let_held_follow();
  submit_ready();
}

void Outbox::stop() {
  stopped_ = true;
  if (waited_for_) waited_for_->timer.cancel();
}

void Outbox::let_held_follow() {
  std::vector<fleet::Waiting> held;
  while (!held_.empty()) {
    held_.take(held_.size(), held);
    ready_.insert(ready_.end(), std::move_iterator(held.begin()), std::move_iterator(held.end()));
  }
}

void Outbox::submit_ready() {
  for (auto& [observation, ack] : std::exchange(ready_, {})) {
    parts_.sink.submit(std::move(observation), std::move(ack));
  }
}

Ack Outbox::ack_of(std::shared_ptr<PendingAck> pending) const {
  return [pending = std::move(pending), executor = parts_.executor](const Result<void>& fate) {
    asio::post(executor, [pending, committed = fate.has_value()] {
      pending->committed = committed;
      pending->timer.cancel();
    });
  };
}

asio::awaitable<bool> Outbox::fate_of(std::shared_ptr<PendingAck> pending) {
  waited_for_ = pending;
  if (!pending->committed && !stopped_) {
    co_await pending->timer.async_wait(kTuple);
  }
  co_return pending->committed.value_or(false);
}

}  // namespace cc::gateway
