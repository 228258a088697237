#include "net/body_reader.h"

#include <algorithm>

namespace cc::net {
namespace {

// As many as 64 bits have. Leading zeros count, or they would never end.
constexpr int kMostDigits = 16;

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t') || byte == 0x7F;
}

}  // namespace

BodyReader BodyReader::of_length(std::uint64_t length, MessageLimits limits) {
  BodyReader reader(length == 0 ? State::kDone : State::kPlain, limits);
  reader.start_chunk(length);
  return reader;
}

BodyReader BodyReader::chunked(MessageLimits limits) {
  return {State::kSize, limits};
}

BodyReader BodyReader::until_close(MessageLimits limits) {
  return {State::kUntilClose, limits};
}

std::size_t BodyReader::take(std::string_view arrived) {
  std::size_t taken = 0;
  while (taken < arrived.size() && !done() && !fault_) {
    if (is_data()) {
      taken += take_data(arrived.substr(taken));
    } else {
      take_frame(arrived[taken++]);
    }
  }
  return taken;
}

bool BodyReader::close() {
  if (state_ == State::kUntilClose && !fault_) state_ = State::kDone;
  return done();
}

bool BodyReader::is_data() const {
  return state_ == State::kPlain || state_ == State::kUntilClose || state_ == State::kData;
}

std::size_t BodyReader::take_data(std::string_view arrived) {
  if (state_ == State::kUntilClose) {
    start_chunk(arrived.size());
    if (fault_) return 0;
  }
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(arrived.size(), left_));
  body_.append(arrived.substr(0, size));
  left_ -= size;
  if (left_ == 0 && state_ == State::kPlain) state_ = State::kDone;
  if (left_ == 0 && state_ == State::kData) state_ = State::kDataReturn;
  return size;
}

void BodyReader::take_frame(char c) {
  switch (state_) {
    case State::kSize: return take_size(c);
    case State::kSizeEnd: return take_after_size(c);
    case State::kExtension: return take_text(c, State::kLineFeed);
    case State::kLineFeed: return c == '\n' ? end_size_line() : fail(Fault::kMalformed);
    case State::kDataReturn: return expect(c, '\r', State::kDataLineFeed);
    case State::kDataLineFeed: return expect(c, '\n', State::kSize);
    case State::kTrailerStart: return take_text(c, State::kLastLineFeed);
    case State::kTrailer: return take_text(c, State::kTrailerLineFeed);
    case State::kTrailerLineFeed: return expect(c, '\n', State::kTrailerStart);
    case State::kLastLineFeed: return expect(c, '\n', State::kDone);
    default: return fail(Fault::kMalformed);
  }
}

void BodyReader::take_size(char c) {
  const int digit = hex_digit(c);
  if (digit < 0) return digits_ > 0 ? take_after_size(c) : fail(Fault::kMalformed);
  if (++digits_ > kMostDigits) return fail(Fault::kOverhead);
  left_ = left_ << 4U | static_cast<std::uint64_t>(digit);
}

/// Blanks may follow, then an extension or the end of the line.
void BodyReader::take_after_size(char c) {
  if (c != ';' && c != '\r' && c != ' ' && c != '\t') return fail(Fault::kMalformed);
  state_ = c == ';' ? State::kExtension : State::kSizeEnd;
  take_text(c, State::kLineFeed);
}

/// Of an extension or a trailer, up to the carriage return.
void BodyReader::take_text(char c, State at_return) {
  if (c == '\r') {
    state_ = at_return;
  } else if (is_control(c)) {
    fail(Fault::kMalformed);
  } else if (++overhead_ > limits_.head_bytes) {
    fail(Fault::kOverhead);
  } else if (state_ == State::kTrailerStart) {
    state_ = State::kTrailer;
  }
}

void BodyReader::expect(char c, char wanted, State next) {
  if (c != wanted) return fail(Fault::kMalformed);
  state_ = next;
}

void BodyReader::end_size_line() {
  digits_ = 0;
  state_ = left_ == 0 ? State::kTrailerStart : State::kData;
  start_chunk(left_);
}

/// What is announced is refused before it comes.
void BodyReader::start_chunk(std::uint64_t size) {
  left_ = size;
  if (size > limits_.body_bytes - body_.size()) fail(Fault::kTooLarge);
}

}  // namespace cc::net
