#pragma once
// Asks a server of this machine over one connection, one question at a time.

#include <string>

#include "bench/load/sockets.h"

namespace cc::bench {

struct Answer {
  int status = 0;
  std::string body;
};

class HttpClient {
 public:
  /// `headers`: whole lines, each with its line end.
  HttpClient(std::uint16_t port, std::string headers);

  /// Throws where the connection breaks or the answer cannot be read.
  Answer get(const std::string& target);
  /// JSON; `headers` beside those of the client.
  Answer post(const std::string& target, const std::string& body, const std::string& headers);

 private:
  Answer read_answer();
  std::size_t read_head();
  void read_chunks(std::string& body);
  void more();
  std::string take(std::size_t bytes);

  Socket socket_;
  std::string headers_;
  std::string received_;
  std::string buffer_;
};

}  // namespace cc::bench
