#pragma once
// Keeps a connection to a gateway for ever: connects, follows, and when it ends decides when to try
// again.

#include <memory>
#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include "gateway/connection/backoff.h"
#include "gateway/connection/device_tokens.h"
#include "gateway/connection/ws_connection.h"
#include "gateway/doubt.h"

namespace cc::gateway {

/// On the link's thread. What is handed in must outlive it.
class WsClient {
 public:
  /// `endpoint` is where `LinkOptions::ws_url` points.
  WsClient(const LinkContext& link, net::Endpoint endpoint, std::uint64_t seed);

  /// Returns after `stop`.
  boost::asio::awaitable<void> run();
  void stop();
  /// Nothing where there is no connection: the next one begins with a sync anyway.
  void request_resync(const std::string& why);
  void request_check(const std::string& session);
  /// Ends the pause before the next try; nothing while there is a connection or a try. The next one
  /// begins `Timing::backoff_first` after the last one at the earliest: we are a guest of the
  /// gateway.
  void retry_now();

 private:
  template <class T>
  using Awaitable = boost::asio::awaitable<T>;

  /// What one connection showed the gateway, kept for the verdict on its end.
  struct Attempt {
    protocol::Credentials shown;
    ExtraHeaders headers;
    bool has_shared_secret = false;
    bool has_device_token = false;
  };
  [[nodiscard]] Result<Attempt> prepare();
  [[nodiscard]] Result<Secret> stored_device_token();
  Awaitable<protocol::Ending> connect(const Attempt& attempt);
  /// Tells the arbiter; returns how long to wait.
  [[nodiscard]] Millis act_on(const protocol::Verdict& verdict);
  /// Then we only try again.
  [[nodiscard]] bool doubts(const protocol::Verdict& verdict);
  [[nodiscard]] Millis back_off(const Trouble& trouble);
  [[nodiscard]] bool retries_at_once(const protocol::Verdict& verdict);
  [[nodiscard]] protocol::RefusalContext context(const Attempt& attempt) const;
  [[nodiscard]] command::Access access() const;
  [[nodiscard]] bool asks_for_too_much(const protocol::Ending& ending) const;
  void welcomed(const protocol::Hello& hello);
  void forget_device_token();

  Awaitable<void> wait(Millis time);
  /// As `wait`, but ends early when the configured token or password changes.
  Awaitable<void> wait_blocked(Millis time);
  /// Before a try that a person asked for.
  Awaitable<void> keep_apart();
  [[nodiscard]] bool secrets_changed() const;

  const LinkContext& link_;
  net::Endpoint endpoint_;
  DeviceTokens tokens_;
  DeviceTokenKey token_key_;
  Backoff backoff_;
  std::uint64_t seed_;
  boost::asio::steady_timer pause_;
  std::optional<Trouble> reduced_;  // why less is asked for than is configured
  std::shared_ptr<WsConnection> connection_;
  /// The two ways to retry immediately. Each may be used once between two hellos.
  enum class Instead { kNothing, kDeviceToken, kNoDeviceToken };
  Instead instead_ = Instead::kNothing;
  bool tried_with_device_token_ = false;
  bool tried_without_device_token_ = false;
  int stale_in_a_row_ = 0;
  Doubt doubt_;        // a connection is good after `Timing::proved_after`
  Secret last_token_;  // as configured at the last attempt
  Secret last_password_;
  SteadyTime tried_at_{};
  bool hurried_ = false;  // a person wants the next try now
  bool stopped_ = false;
};

}  // namespace cc::gateway
