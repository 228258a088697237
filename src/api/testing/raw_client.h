#pragma once
// For tests: a client that sends exactly the bytes it is given, so that it can misbehave.

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace cc::api::testing {

struct Answer {
  int status = 0;                                   // 0: the connection ended without one
  std::multimap<std::string, std::string> headers;  // names in lower case
  std::string body;

  [[nodiscard]] std::string header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string() : found->second;
  }
};

/// One connection to the loopback address. Blocking; reading gives up after ten seconds.
class RawClient {
 public:
  explicit RawClient(unsigned short port);
  ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  void send(std::string_view bytes);
  /// One answer; `head_only` after a HEAD. The body of a stream is left to `read_until`.
  Answer read(bool head_only = false);
  /// What has arrived once `text` is in it, or the connection has ended; forgets it.
  std::string read_until(std::string_view text);
  /// True where the server closes the connection (and says nothing more).
  bool is_closed();

 private:
  bool receive();

  int socket_ = -1;
  std::string held_;
};

}  // namespace cc::api::testing
