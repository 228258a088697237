#include "gateway/protocol/refusal.h"

#include <algorithm>

#include "gateway/protocol/refusal_table.h"
#include "gateway/protocol/transport_advice.h"

namespace cc::gateway::protocol {
namespace {

using Kind = Verdict::Kind;

constexpr Millis kRateLimited{60'000};  // at least
constexpr Millis kShortestStart{100};
constexpr Millis kLongestStart{2'000};
constexpr Millis kUsualRetry{500};
constexpr Millis kLongestRestart{60'000};
constexpr Millis kPairingSoon{5'000};  // the gateway said that waiting is enough
constexpr Millis kPairingSlow{60'000};
constexpr int kStarting = 1013;
constexpr int kRestarting = 1012;
constexpr int kMostStale = 3;  // in a row; what a new challenge does not cure, a person must
constexpr int kLost = 1006;

constexpr Refusal kUnknownError{Kind::kBackoff, Millis{0},
                                "The gateway at {url} refuses the connection ({code}).", ""};
constexpr Refusal kSlowConsumer{
    Kind::kBackoff, Millis{0},
    "The gateway at {url} dropped the connection, most likely because it was read "
    "too slowly.",
    ""};
constexpr Refusal kNoConnection{Kind::kBackoff, Millis{0}, "No connection to the gateway at {url}.",
                                ""};
constexpr Refusal kNoTransport{Kind::kBackoff, Millis{0},
                               "No connection to the gateway at {url}: {transport}.", ""};

/// A code of the protocol. Text that does not look like one is not shown to people.
std::string_view shown_code(std::string_view code) {
  const bool is_code = !code.empty() && std::all_of(code.begin(), code.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || c == '_';
  });
  return is_code ? code : "an unknown code";
}

std::string_view shown_scope(std::string_view scope) {
  const bool is_scope = scope.starts_with("operator.") &&
                        std::all_of(scope.begin(), scope.end(),
                                    [](char c) { return (c >= 'a' && c <= 'z') || c == '.'; });
  return is_scope ? scope : "operator.read";
}

/// People paste the command into a shell, so nothing but a plain id may stand in it.
bool is_plain_id(std::string_view id) {
  return !id.empty() && id.front() != '-' && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  });
}

std::string range_text(ProtocolRange range) {
  if (range.min == range.max) return std::to_string(range.min);
  return std::to_string(range.min) + " to " + std::to_string(range.max);
}

class Judge {
 public:
  Judge(const Ending& ending, const RefusalContext& context) : ending_(ending), context_(context) {}

  [[nodiscard]] Verdict judge() const {
    if (ending_.http_status) return by_http_status();
    if (is_protocol_mismatch()) return of(protocol_mismatch());
    if (ending_.error) return by_error(*ending_.error);
    if (ending_.close_code) return by_close_code(*ending_.close_code);
    return by_transport();
  }

 private:
  [[nodiscard]] bool is_protocol_mismatch() const {
    if (ending_.close_code == 1002 && !ending_.was_ready) return true;
    return ending_.error &&
           (ending_.error->expected_protocol || ending_.error->detail_code == "PROTOCOL_MISMATCH");
  }

  [[nodiscard]] Verdict by_http_status() const {
    const auto* refusal = refusal_by_http_status(*ending_.http_status);
    return refusal != nullptr ? of(*refusal) : by_transport();
  }

  [[nodiscard]] Verdict by_error(const WireError& error) const {
    if (error.code == "UNAVAILABLE" &&
        (error.retryable || error.detail_reason == "startup-sidecars")) {
      return starting(error.retry_after);
    }
    if (error.detail_code == "PAIRING_REQUIRED") return pairing(error);
    if (const auto* refusal = refusal_by_detail_code(error.detail_code)) {
      return with_tokens(of(*refusal), error);
    }
    if (!error.missing_scope.empty()) return of(*refusal_by_detail_code("MISSING_SCOPE"));
    const auto* refusal = refusal_by_code(error.code);
    return of(refusal != nullptr ? *refusal : kUnknownError);
  }

  [[nodiscard]] Verdict starting(std::optional<Millis> retry_after) const {
    auto verdict = of(*refusal_by_close_code(kStarting));
    verdict.delay = std::clamp(retry_after.value_or(kUsualRetry), kShortestStart, kLongestStart);
    return verdict;
  }

  [[nodiscard]] Verdict pairing(const WireError& error) const {
    auto verdict = of(refusal_by_pairing_reason(error.detail_reason));
    verdict.action =
        is_plain_id(error.request_id)
            ? "openclaw devices approve " + error.request_id
            : "openclaw devices list, then openclaw devices approve with the request's id";
    const bool waiting_is_enough =
        error.pause_reconnect == false || error.recommended_next_step == "wait_then_retry";
    if (waiting_is_enough) {
      verdict.delay =
          std::clamp(error.retry_after.value_or(kPairingSoon), kPairingSoon, kPairingSlow);
    }
    return verdict;
  }

  [[nodiscard]] static bool is_stale(std::string_view detail_code) {
    return detail_code.starts_with("DEVICE_AUTH_NONCE_") ||
           detail_code == "DEVICE_AUTH_SIGNATURE_EXPIRED";
  }

  [[nodiscard]] Verdict with_tokens(Verdict verdict, const WireError& error) const {
    if (error.detail_code == "AUTH_RATE_LIMITED") {
      verdict.delay = std::max(kRateLimited, error.retry_after.value_or(kRateLimited));
    }
    if (error.detail_code == "AUTH_DEVICE_TOKEN_MISMATCH") {
      verdict.forget_device_token = true;
      verdict.retry_without_device_token = context_.has_shared_secret;
    }
    if (error.detail_code == "AUTH_TOKEN_MISMATCH") {
      verdict.retry_with_device_token = error.can_retry_with_device_token &&
                                        context_.has_device_token && context_.loopback_or_pinned;
    }
    if (is_stale(error.detail_code)) {
      if (context_.stale_before + 1 >= kMostStale) verdict = of(stale_handshake());
      verdict.stale = true;
    }
    return verdict;
  }

  [[nodiscard]] Verdict by_close_code(int code) const {
    if (code == 1008 && (ending_.was_ready || ending_.close_reason == "slow consumer")) {
      return of(kSlowConsumer);
    }
    const auto* refusal = refusal_by_close_code(code);
    auto verdict = of(refusal != nullptr ? *refusal : *refusal_by_close_code(kLost));
    if (code != kRestarting) return verdict;
    // One that goes before it was of any use has had its quick try.
    if (!ending_.was_ready) verdict.kind = Kind::kBackoff;
    if (ending_.restart_expected && *ending_.restart_expected > Millis(0)) {
      verdict.delay = std::min(*ending_.restart_expected, kLongestRestart);
    }
    return verdict;
  }

  [[nodiscard]] Verdict by_transport() const {
    auto verdict = of(ending_.transport.empty() ? kNoConnection : kNoTransport);
    verdict.action = transport_advice(ending_.transport, context_.settings.ws_url);
    return verdict;
  }

  [[nodiscard]] Verdict of(const Refusal& refusal) const {
    Verdict verdict;
    verdict.kind = refusal.kind;
    verdict.delay = refusal.delay;
    verdict.detail = filled(refusal.detail);
    verdict.action = filled(refusal.action);
    return verdict;
  }

  [[nodiscard]] std::string filled(std::string_view text) const {
    std::string out;
    while (!text.empty()) {
      const auto open = text.find('{');
      const auto close = text.find('}', open);
      out += text.substr(0, open);
      if (open == std::string_view::npos || close == std::string_view::npos) break;
      out += value_of(text.substr(open + 1, close - open - 1));
      text.remove_prefix(close + 1);
    }
    return out;
  }

  [[nodiscard]] std::string value_of(std::string_view name) const {
    if (name == "url") return context_.url;
    if (name == "url_setting") return context_.settings.ws_url;
    if (name == "token_setting") return context_.settings.token;
    if (name == "password_setting") return context_.settings.password;
    if (name == "transport") return ending_.transport;
    if (name == "status") return std::to_string(ending_.http_status.value_or(0));
    if (name == "offered") return range_text(context_.offered);
    if (name == "expected") return expected();
    if (name == "scope") return std::string(shown_scope(ending_.error->missing_scope));
    if (name == "code") return std::string(code());
    return {};
  }

  [[nodiscard]] std::string expected() const {
    const auto version = ending_.error ? ending_.error->expected_protocol : std::nullopt;
    return version ? std::to_string(*version) : "another version";
  }

  [[nodiscard]] std::string_view code() const {
    const auto& detail = ending_.error->detail_code;
    return shown_code(detail.empty() ? ending_.error->code : detail);
  }

  const Ending& ending_;
  const RefusalContext& context_;
};

}  // namespace

Verdict judge(const Ending& ending, const RefusalContext& context) {
  return Judge(ending, context).judge();
}

}  // namespace cc::gateway::protocol
