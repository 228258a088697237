#pragma once
// The connections that are open, and how many there may be.

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>

#include "api/server/connection.h"
#include "api/server/unsent.h"
#include "api/server/wait_queue.h"

namespace cc::api {

/// Used on the server's thread alone.
class Connections {
 public:
  /// One of the allowed connections. Held by a connection and by the stream that it may become.
  class Place {
   public:
    explicit Place(std::shared_ptr<std::size_t> taken) : taken_(std::move(taken)) { ++*taken_; }
    ~Place() { --*taken_; }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

   private:
    std::shared_ptr<std::size_t> taken_;  // shared: a stream may end after the server
  };

  explicit Connections(std::size_t most) : most_(most) {}

  [[nodiscard]] std::shared_ptr<Place> take_place() { return std::make_shared<Place>(taken_); }
  [[nodiscard]] bool are_full() const { return *taken_ >= most_; }

  /// Returns its number, for `remove`.
  std::uint64_t add(std::shared_ptr<Connection> connection);
  void remove(std::uint64_t number) { open_.erase(number); }
  [[nodiscard]] bool empty() const { return open_.empty(); }

  /// What connections wait in, so that those that wait longest do not keep out others.
  [[nodiscard]] const std::shared_ptr<WaitQueue>& waits() const { return waits_; }
  /// The answers of all of them that are not sent yet.
  [[nodiscard]] const std::shared_ptr<Unsent>& unsent() const { return unsent_; }
  /// No further requests: see Connection::finish.
  void finish_all();
  void abort_all();
  /// Lets go of them, whatever they still do.
  void forget_all() { open_.clear(); }

 private:
  const std::size_t most_;
  const std::shared_ptr<std::size_t> taken_ = std::make_shared<std::size_t>(0);
  const std::shared_ptr<WaitQueue> waits_ = std::make_shared<WaitQueue>();
  const std::shared_ptr<Unsent> unsent_ = std::make_shared<Unsent>(Unsent::Limits{});
  std::map<std::uint64_t, std::shared_ptr<Connection>> open_;
  std::uint64_t last_ = 0;
};

}  // namespace cc::api
