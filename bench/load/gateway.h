#pragma once
// The simulated gateway as a source of load: quiet by itself, it says what a bench asks for.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "base/clock.h"
#include "bench/load/pacer.h"
#include "gateway_sim/serve/server.h"

namespace cc::bench {

/// Lives on the executor of its io_context. Each number becomes a `sessions.changed` with a whole
/// row that differs from the one before, so that it makes one entry of the journal.
class LoadGateway final : public Publisher {
 public:
  struct Spec {
    std::size_t agents = 20;
    std::size_t sessions = 200;
    std::size_t title_bytes = 60;  // of each row; makes the entry as long as the bench wants
  };

  LoadGateway(boost::asio::io_context& io, Spec spec);

  void publish(std::uint64_t number) override;
  /// Cuts the connection, as a network does; the client comes back by itself.
  void drop();
  /// Changes so many sessions without a word, as happens while nobody is connected.
  void change_silently(std::size_t sessions);

  [[nodiscard]] std::vector<std::string> session_keys();
  /// Called each time that a client asks it to change something.
  void when_told(std::function<void()> call) { gateway_.when_told(std::move(call)); }

  /// What it answers to `sessions.list`, page by page.
  [[nodiscard]] std::vector<std::string> session_pages(std::int64_t page_size);
  /// Takes no more connections and ends those that are there. It may go once its io_context has
  /// turned once more.
  void stop();

  [[nodiscard]] std::string ws_url() const;
  [[nodiscard]] static std::string token() { return "bench-gateway-token"; }

 private:
  void retitle(sim::Session& session);

  const Spec spec_;
  SystemClock clock_;
  sim::AsioScheduler scheduler_;
  sim::Gateway gateway_;
  sim::Server server_;
  std::unique_ptr<sim::Narrator> narrator_;
  std::uint64_t titles_ = 0;  // no two alike
};

}  // namespace cc::bench
