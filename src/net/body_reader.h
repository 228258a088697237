#pragma once
// What a peer may send in one HTTP message after its head: the body, and what frames it. Used for
// requests by the server and for answers by the client, so that both are bounded by one rule. Pure.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cc::net {

/// How much one message may hold. Who reads the head bounds it by `head_bytes`; the chunk
/// extensions and the trailers of one body, together, are bounded by it again.
struct MessageLimits {
  std::size_t head_bytes = std::size_t{16} * 1024;
  std::size_t body_bytes = std::size_t{64} * 1024;
};

/// Reads the body of one message. Not thread-safe. Holds the body and nothing else: extensions and
/// trailers are checked, counted and forgotten.
class BodyReader {
 public:
  enum class Fault {
    kTooLarge,   // the body
    kOverhead,   // extensions, trailers or digits of a size beyond their bound
    kMalformed,  // what frames it cannot be understood
  };

  static BodyReader of_length(std::uint64_t length, MessageLimits limits);
  static BodyReader chunked(MessageLimits limits);
  /// What comes until the peer closes; only an answer can be framed so.
  static BodyReader until_close(MessageLimits limits);

  /// Takes what belongs to the body off the front of `arrived`; returns how many bytes that were.
  /// Fewer than all once it is done or faulty.
  std::size_t take(std::string_view arrived);
  /// The peer has closed. False: something is missing.
  [[nodiscard]] bool close();

  [[nodiscard]] bool done() const { return state_ == State::kDone; }
  [[nodiscard]] std::optional<Fault> fault() const { return fault_; }
  [[nodiscard]] std::string& body() { return body_; }

 private:
  enum class State {
    kPlain,  // `left_` bytes, and no frame around them
    kUntilClose,
    kSize,  // digits of a chunk's size
    kSizeEnd,
    kExtension,
    kLineFeed,  // that ends the line of a size
    kData,
    kDataReturn,
    kDataLineFeed,
    kTrailerStart,  // of a line
    kTrailer,
    kTrailerLineFeed,
    kLastLineFeed,
    kDone,
  };

  BodyReader(State state, MessageLimits limits) : limits_(limits), state_(state) {}

  std::size_t take_data(std::string_view arrived);
  void take_frame(char c);
  void take_size(char c);
  void take_after_size(char c);
  void take_text(char c, State at_return);
  void expect(char c, char wanted, State next);
  void end_size_line();
  void start_chunk(std::uint64_t size);
  [[nodiscard]] bool is_data() const;
  void fail(Fault fault) { fault_ = fault; }

  MessageLimits limits_;
  State state_;
  std::optional<Fault> fault_;
  std::uint64_t left_ = 0;    // of the body or the chunk
  int digits_ = 0;            // of the size
  std::size_t overhead_ = 0;  // bytes of extensions and trailers
  std::string body_;
};

}  // namespace cc::net
