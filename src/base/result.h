#pragma once
// Errors as values. Every boundary that can fail in normal life (network, wire, database,
// configuration) returns a Result; exceptions are left for bugs and for start-up.

#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace cc {

enum class ErrorCode {
  kInvalid,      // the input cannot be understood; trying again changes nothing
  kNotFound,     // the thing asked for is not there
  kTooLarge,     // a size or depth limit was passed
  kUnavailable,  // a peer or a disk that may come back
  kTimeout,      // no answer in time
  kRefused,      // a peer understood and said no
  kInUse,        // somebody else holds it: a lock, an address
  kCorrupt,      // stored data is damaged, or is not what it should be
  kNewerSchema,  // stored data is from a newer release
  kCancelled,    // given up by ourselves
};

/// What went wrong, in a sentence for people. Never holds a secret.
struct Error {
  ErrorCode code{};
  std::string message;

  friend bool operator==(const Error&, const Error&) = default;
};

template <class T>
using Result = std::expected<T, Error>;

[[nodiscard]] inline std::unexpected<Error> fail(ErrorCode code, std::string message) {
  return std::unexpected(Error{code, std::move(message)});
}

}  // namespace cc
