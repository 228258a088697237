#pragma once
// /_sim/: how a tester steers the gateway. JSON in, JSON out; only from this machine, without a
// login.

#include <functional>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "gateway_sim/serve/http_routes.h"

namespace cc::sim {

class Control {
 public:
  /// Stops listening for so long, then comes back as a new process.
  using Restart = std::function<void(Millis down, Millis starting, const std::string& expected_ms)>;
  Control(Gateway& gateway, Restart restart) : gateway_(gateway), restart_(std::move(restart)) {}

  [[nodiscard]] HttpReply handle(const HttpAsk& ask);

 private:
  using Body = boost::json::object;
  using Reply = std::expected<std::string, std::string>;  // JSON, or what is wrong with the request

  [[nodiscard]] Reply dispatch(std::string_view path, const Body& body);
  Reply emit(const Body& body);
  Reply agents(const Body& body);
  Reply sessions(const Body& body);
  Reply run(const Body& body);
  Reply approve_device(const Body& body);
  Reply remove_device(const Body& body);
  Reply approval(const Body& body);
  Reply rate(const Body& body);
  Reply rest(const Body& body);
  Reply fault(const Body& body);
  Reply strike(std::string_view kind, const Body& body);
  Reply refuse(const Body& body);
  void send_to_all(const Event& event);
  [[nodiscard]] Session* session_for_run(const Body& body);

  Gateway& gateway_;
  const Restart restart_;
};

}  // namespace cc::sim
