#pragma once
// The fallback: polls an HTTP endpoint for the agents, but only while the arbiter allows it. A
// stock gateway has no such endpoint; then its HTTP tools are asked instead.

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include "gateway/doubt.h"
#include "gateway/link_context.h"
#include "net/http_client.h"

namespace cc::gateway {

/// On the link's thread. What is handed in must outlive it.
class RestPoller {
 public:
  /// `endpoint` is where `LinkOptions::rest_url` points.
  RestPoller(const LinkContext& link, net::Endpoint endpoint);

  /// Returns after `stop`.
  boost::asio::awaitable<void> run();
  void stop();
  /// Asks the arbiter again now, because its answer may have changed.
  void reconsider() { pause_.cancel(); }

 private:
  template <class T>
  using Awaitable = boost::asio::awaitable<T>;

  /// The result of a poll.
  struct Heard {
    enum class Kind { kAnswer, kFailed, kRefused, kNoEndpoint };
    Kind kind = Kind::kFailed;
    fleet::Polled answer;
    std::optional<std::string> note;
    Trouble trouble;             // of kNoEndpoint: what is odd
    bool sessions_read = false;  // by the tool
  };
  using Skipped = std::vector<std::string_view>;

  Awaitable<void> poll();
  Awaitable<Heard> ask_gateway(const Secret& secret);
  Awaitable<Heard> ask_endpoint(Secret secret);
  Awaitable<Heard> ask_stock_gateway(Secret secret);
  Awaitable<Result<net::HttpAnswer>> invoke_tool(std::string_view tool, std::string_view args,
                                                 Secret secret);
  Awaitable<Result<net::HttpAnswer>> post_tool(std::string body, Secret secret);
  [[nodiscard]] std::string call_of(std::string_view tool, std::string_view args) const;
  Awaitable<void> wait_for_turn(bool turn);

  [[nodiscard]] Heard understand(const net::HttpAnswer& answer);
  [[nodiscard]] bool holds_back(const Secret& secret);
  [[nodiscard]] Heard doubted(Heard odd) const;
  [[nodiscard]] Heard tools_heard(const net::HttpAnswer& sessions, const net::HttpAnswer& agents);
  void tell(SourceArbiter::Generation asked, Heard heard, const Secret& secret);
  void no_endpoint();
  [[nodiscard]] Result<Secret> secret() const;
  [[nodiscard]] Heard failed(std::string what) const;
  [[nodiscard]] Heard unreachable(const Error& why) const;
  [[nodiscard]] Heard refused(int status) const;
  [[nodiscard]] std::string fix_token() const;
  [[nodiscard]] bool in_stock_mode() const;
  [[nodiscard]] std::string_view sessions_wanted() const;
  void count_skipped(const Skipped& why);
  [[nodiscard]] std::string scheme() const { return endpoint_.tls ? "https" : "http"; }

  const LinkContext& link_;
  net::Endpoint endpoint_;
  net::HttpClient client_;
  boost::asio::steady_timer pause_;
  SteadyTime next_poll_{};
  Doubt doubt_;
  bool stock_ = false;                          // no endpoint was found
  SteadyTime look_again_{};                     // for one
  Millis recheck_;                              // until the time after that
  std::optional<SteadyTime> sessions_read_at_;  // by the tool; what moved since is not known
  std::string acting_for_;                      // an agent, where the gateway wants to know
  std::optional<Secret> refused_secret_;
  SteadyTime show_again_{};  // that secret
  Trouble refusal_;
  std::set<std::string, std::less<>> logged_;
  bool stopped_ = false;
};

}  // namespace cc::gateway
