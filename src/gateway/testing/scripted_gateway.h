#pragma once
// For tests: a gateway on 127.0.0.1 that does what it is told. It answers as a real one of protocol
// 3 or 4 would unless a script takes a request over, and it remembers everything it was asked.

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/json/object.hpp>

namespace cc::gateway::testing {

/// One WebSocket client of the gateway.
class Peer {
 public:
  virtual ~Peer() = default;
  virtual void send(std::string text) = 0;
  virtual void close(int code, std::string reason) = 0;
  /// Without a word.
  virtual void drop() = 0;

  void event(const std::string& name, const std::string& payload, int seq = 0);
  void answer(const std::string& id, const std::string& payload);
  void refuse(const std::string& id, const std::string& error);
};

struct Request {
  std::string id;
  std::string method;
  boost::json::object params;
};

struct HttpSeen {
  std::string method;
  std::string target;
  std::string authorization;
  std::string user_agent;
  std::string accept;
  std::string body;
};

struct HttpReply {
  int status = 200;
  std::string type = "application/json";
  std::string body;
};

class ScriptedGateway {
 public:
  explicit ScriptedGateway(boost::asio::io_context& io, int protocol = 4);
  ~ScriptedGateway();
  ScriptedGateway(const ScriptedGateway&) = delete;
  ScriptedGateway& operator=(const ScriptedGateway&) = delete;

  [[nodiscard]] int port() const;
  [[nodiscard]] std::string ws_url() const;
  [[nodiscard]] std::string rest_url() const;
  /// Stops listening and drops everybody; the port stays reserved for `reopen`.
  void close_door();
  void reopen();

  // -- the script

  std::function<void(Peer&)> on_open;                     // instead of the challenge
  std::function<bool(Peer&, const Request&)> on_request;  // true: taken over
  std::function<HttpReply(const HttpSeen&)> on_http;      // default: 404
  int upgrade_status = 101;                               // else answered with this

  // -- what it holds

  std::string methods = R"(["sessions.subscribe","agents.list","sessions.list","system-presence"])";
  bool shows_configuration = true;  // and tells when it changes
  std::string granted = R"(["operator.read"])";
  std::string device_token;
  std::vector<std::string> agents{"main", "otto"};
  std::vector<std::string> sessions{"agent:main:main", "agent:otto:main"};
  std::map<std::string, std::string> labels;  // of sessions that have one
  int tick_ms = 30'000;

  // -- what it saw

  [[nodiscard]] Peer& peer() const;  // the latest
  [[nodiscard]] bool connected() const;
  [[nodiscard]] int count(const std::string& method) const;
  std::vector<Request> requests;
  std::vector<HttpSeen> http;
  std::map<std::string, std::string> upgrade_headers;  // of the latest, names in lower case
  int connections = 0;
  int last_close_code = 0;  // that a client closed with

  [[nodiscard]] std::string agents_payload() const;
  [[nodiscard]] std::string sessions_payload(const boost::json::object& params) const;
  [[nodiscard]] std::string hello_payload() const;
  void answer_as_usual(Peer& peer, const Request& request);

 private:
  class Door;
  class WsPeer;

  int protocol_;
  std::shared_ptr<Door> door_;
  std::weak_ptr<Peer> latest_;
  std::vector<std::weak_ptr<Peer>> peers_;
};

}  // namespace cc::gateway::testing
