#include "gateway/connection/calls.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <boost/asio/steady_timer.hpp>

#include "base/text.h"
#include "gateway/timing.h"
#include "net/completion.h"

namespace cc::gateway {

namespace asio = boost::asio;
using net::kTuple;

struct Calls::Waiting {
  Waiting(const asio::any_io_executor& executor, Millis limit, std::string name, Decode reader,
          Shorten shortener)
      : timer(executor, limit),
        method(std::move(name)),
        decode(std::move(reader)),
        shorten(std::move(shortener)) {}

  asio::steady_timer timer;  // runs out, or is cancelled by the answer
  std::string method;
  Decode decode;
  Shorten shorten;
  std::optional<Outcome> outcome;
};

namespace {

constexpr int kMostLimits = 10;

std::unexpected<CallFailure> failure(CallFailure::Kind kind, std::string text) {
  return std::unexpected(CallFailure{kind, {}, std::move(text)});
}

}  // namespace

Calls::Calls(asio::any_io_executor executor, Send send, HeardWithin heard_within)
    : executor_(std::move(executor)),
      send_(std::move(send)),
      heard_within_(std::move(heard_within)) {}

Calls::~Calls() = default;

asio::awaitable<Calls::Outcome> Calls::call(std::string method, std::string params, Millis limit,
                                            Decode decode, Shorten shorten) {
  if (closed_) co_return failure(CallFailure::Kind::kClosed, "the connection is closed");
  const std::string id = std::to_string(++last_id_);
  const auto waiting =
      std::make_shared<Waiting>(executor_, limit, method, std::move(decode), std::move(shorten));
  waiting_.emplace(id, waiting);
  send_(protocol::request_frame(id, method, params));
  for (int times = 0; times < kMostLimits && !waiting->outcome; ++times) {
    if (times > 0 && !(heard_within_ && heard_within_(limit))) break;
    if (times > 0) waiting->timer.expires_after(limit);
    co_await waiting->timer.async_wait(kTuple);
  }
  waiting_.erase(id);
  if (waiting->outcome) co_return std::move(*waiting->outcome);
  co_return failure(CallFailure::Kind::kTimeout,
                    "no answer to " + method + " within " + seconds_of(limit));
}

protocol::FrameText Calls::shorten(protocol::FrameText text) const {
  for (const auto& [id, waiting] : waiting_) {
    if (waiting->shorten) return waiting->shorten(text);
  }
  return text;
}

void Calls::answer(const protocol::ResponseFrame& frame) {
  const auto found = waiting_.find(frame.id);
  if (found == waiting_.end()) return;
  const auto waiting = found->second;
  waiting_.erase(found);
  waiting->outcome = read(waiting->method, waiting->decode, frame);
  waiting->timer.cancel();
}

Calls::Outcome Calls::read(const std::string& method, const Decode& decode,
                           const protocol::ResponseFrame& frame) {
  if (!frame.ok) {
    CallFailure refused{CallFailure::Kind::kRefused, frame.error, {}};
    // The code, not the message: the message might repeat a token.
    refused.text = "it refused " + method + " (" + clean_text(frame.error.code, 64) + ")";
    return std::unexpected(std::move(refused));
  }
  const auto decoded = decode(frame.payload);
  if (decoded) return {};
  return failure(CallFailure::Kind::kUnreadable,
                 "the answer to " + method + " cannot be read: " + decoded.error().message);
}

bool Calls::waits_for(std::string_view method) const {
  return std::ranges::any_of(waiting_,
                             [&](const auto& waiting) { return waiting.second->method == method; });
}

void Calls::close() {
  closed_ = true;
  for (auto& [id, waiting] : std::exchange(waiting_, {})) {
    waiting->outcome = failure(CallFailure::Kind::kClosed, "the connection is closed");
    waiting->timer.cancel();
  }
}

}  // namespace cc::gateway
