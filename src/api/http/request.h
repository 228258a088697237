#pragma once
// A request as plain values, without networking types.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cc::api {

enum class Method { kGet, kHead, kPost, kPut, kPatch, kDelete, kOptions, kOther };
[[nodiscard]] std::string_view text(Method method);

/// Whether the method may change something, so that the guards against other origins apply.
[[nodiscard]] constexpr bool writes(Method method) {
  return method != Method::kGet && method != Method::kHead;
}

struct Header {
  std::string name;
  std::string value;
};

struct Request {
  Method method = Method::kOther;
  std::string target;  // as it was sent, escapes and all
  std::vector<Header> headers;
  std::string body;       // empty until the request has been admitted
  bool has_body = false;  // one was announced
  std::string peer;       // address literal of the client
  std::string local;      // address literal that the connection came in on
  unsigned short local_port = 0;
  bool oldest = false;  // HTTP/1.0
  bool secure = false;  // the client speaks TLS: with us, or with a proxy that we trust

  /// Every value of a header, in order; names compare without regard to case.
  [[nodiscard]] std::vector<std::string_view> all(std::string_view name) const;
  /// The only value of a header; empty where there is none or more than one.
  [[nodiscard]] std::optional<std::string_view> only(std::string_view name) const;
};

/// ASCII letters without regard to case, all other bytes as they are.
[[nodiscard]] bool same_word(std::string_view a, std::string_view b);

}  // namespace cc::api
