#pragma once
// Pairs each response with the coroutine that sent the request.

#include <expected>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "base/clock.h"
#include "base/result.h"
#include "gateway/protocol/frame.h"
#include "gateway/protocol/page_filter.h"

namespace cc::gateway {

struct CallFailure {
  enum class Kind {
    kRefused,     // the gateway said no: `error`
    kTimeout,     // no answer in time
    kClosed,      // the connection ended first
    kUnreadable,  // an answer that is not what the method answers
  };
  Kind kind{};
  protocol::WireError error;
  std::string text;  // a phrase: "no answer to agents.list within 30 s"

  [[nodiscard]] bool invalid_request() const {
    return kind == Kind::kRefused && error.code == "INVALID_REQUEST" && error.missing_scope.empty();
  }
  [[nodiscard]] bool missing_scope() const {
    return kind == Kind::kRefused && !error.missing_scope.empty();
  }
};

/// One per connection, on its thread.
class Calls {
 public:
  using Send = std::function<void(std::string frame)>;
  /// Reads the answer's payload while its frame is still there.
  using Decode = std::function<Result<void>(simdjson::dom::element payload)>;
  /// Takes out of the text of a frame what need not be read of an answer; valid until the next
  /// call.
  using Shorten = std::function<protocol::FrameText(protocol::FrameText text)>;
  using Outcome = std::expected<void, CallFailure>;

  /// Whether anything was heard of the gateway in that time.
  using HeardWithin = std::function<bool(Millis time)>;

  Calls(boost::asio::any_io_executor executor, Send send, HeardWithin heard_within = {});
  ~Calls();

  /// Fails when nothing was heard for `limit`, or in any case after ten times that: a gateway that
  /// has much to do still shows signs of life.
  /// What `decode` and `shorten` refer to must live until this is done. One call at a time has a
  /// `shorten`.
  boost::asio::awaitable<Outcome> call(std::string method, std::string params, Millis limit,
                                       Decode decode, Shorten shorten = {});

  /// A frame that is to be parsed, without what the call that waits for it need not read.
  [[nodiscard]] protocol::FrameText shorten(protocol::FrameText text) const;

  /// Resumes the coroutine that waits for this answer. An answer that nobody waits for is ignored.
  void answer(const protocol::ResponseFrame& frame);
  [[nodiscard]] bool any_waiting() const { return !waiting_.empty(); }
  [[nodiscard]] bool waits_for(std::string_view method) const;
  /// Ends all waiting calls, and every later one, with kClosed.
  void close();

 private:
  struct Waiting;

  [[nodiscard]] static Outcome read(const std::string& method, const Decode& decode,
                                    const protocol::ResponseFrame& frame);

  boost::asio::any_io_executor executor_;
  Send send_;
  HeardWithin heard_within_;
  std::map<std::string, std::shared_ptr<Waiting>, std::less<>> waiting_;
  std::uint64_t last_id_ = 0;
  bool closed_ = false;
};

}  // namespace cc::gateway
