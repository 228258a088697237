#pragma once
// A blocking client of a running server's API, for the commands.

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "app/cli/run_file.h"
#include "base/clock.h"
#include "base/result.h"
#include "base/secret.h"

namespace cc::app {

struct ApiRequest {
  std::string method = "GET";
  std::string target;
  std::string body = {};  // JSON
  std::string last_event_id = {};
  std::string idempotency_key = {};
  int wait_s = 0;          // for the end of a command
  Millis silence{30'000};  // the longest wait for the next bytes
  /// Called about once a second while there are none; false: nobody wants them any more.
  std::function<bool()> waiting = {};
};

struct ApiAnswer {
  int status = 0;
  std::string body;

  [[nodiscard]] bool ok() const { return status >= 200 && status < 300; }
  /// Why not, in the server's words where it gave any; fit for a terminal.
  [[nodiscard]] std::string problem() const;
};

/// Fit for a segment of a path, or the value of a query parameter.
[[nodiscard]] std::string percent_encoded(std::string_view text);

/// A connection for each request. One thread.
class ApiClient {
 public:
  ApiClient(RunningServer server, Secret token);
  ~ApiClient();
  ApiClient(ApiClient&&) noexcept;
  ApiClient& operator=(ApiClient&&) noexcept;

  /// kUnavailable where nobody answers, kTimeout, kTooLarge above 64 MiB.
  [[nodiscard]] Result<ApiAnswer> send(const ApiRequest& request);

  /// Takes the body of a good answer as it comes, until `take` says no; that of another status is
  /// in the answer.
  using Take = std::function<bool(std::string_view bytes)>;
  [[nodiscard]] Result<ApiAnswer> stream(const ApiRequest& request, const Take& take);

  [[nodiscard]] const RunningServer& server() const { return server_; }

 private:
  RunningServer server_;
  Secret token_;
};

}  // namespace cc::app
