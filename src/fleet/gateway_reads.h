#pragma once
// What is read from a gateway when somebody looks at it, and never stored. Defined here, so that
// `api` and `gateway` need not know each other.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/result.h"

namespace cc::fleet {

struct Reading {
  enum class Of { kMessages, kDevices, kModels, kCronRuns };
  Of of = Of::kMessages;
  std::string id = {};      // the session's key, the job's id
  std::string before = {};  // kMessages: where an earlier page said to go on; empty: the newest
  int limit = 100;
};

/// Calls `done` once, on any thread: with a JSON object as the API shows it, its members without
/// the braces; kUnavailable where the gateway is away, kRefused where it says no, kInvalid where
/// `before` is none of ours. The message is a sentence.
using ReadGateway = std::function<void(const std::string& gateway, Reading what,
                                       std::function<void(Result<std::string>)> done)>;

}  // namespace cc::fleet
