#pragma once
// The other end of the wire, for tests: a small client, and a device with a key of its own.

#include <array>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio.hpp>
#include <boost/beast.hpp>
#include <boost/json.hpp>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

#include "gateway_sim/door/device_proof.h"

namespace cc::sim {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace json = boost::json;
using Wait = asio::awaitable<void>;

/// What a well-behaved client sends.
inline json::object connect_params() {
  return json::parse(
             R"({"minProtocol":3,"maxProtocol":4,"client":{"id":"gateway-client","version":"0.1.0",
    "platform":"linux","mode":"backend"},"role":"operator","scopes":["operator.read","operator.admin",
    "operator.approvals"],"caps":["tool-events"],"auth":{"token":"demo-token"},"locale":"en-US",
    "userAgent":"test/1"})")
      .as_object();
}

class TestClient {
 public:
  explicit TestClient(asio::io_context& io) : ws_(io) { ws_.read_message_max(64U * 1024 * 1024); }

  Wait open(std::uint16_t port) {
    const asio::ip::tcp::endpoint where(asio::ip::make_address("127.0.0.1"), port);
    co_await beast::get_lowest_layer(ws_).async_connect(where, asio::use_awaitable);
    co_await ws_.async_handshake("127.0.0.1", "/", asio::use_awaitable);
    const json::object challenge = co_await read();
    EXPECT_EQ(challenge.at("event"), "connect.challenge");
    EXPECT_FALSE(challenge.contains("seq"));
    nonce = challenge.at("payload").at("nonce").as_string().c_str();
    challenged_at = challenge.at("payload").at("ts").as_int64();
  }

  asio::awaitable<json::object> read() {
    beast::flat_buffer buffer;
    co_await ws_.async_read(buffer, asio::use_awaitable);
    co_return json::parse(beast::buffers_to_string(buffer.data())).as_object();
  }

  Wait send(std::string text) { co_await ws_.async_write(asio::buffer(text), asio::use_awaitable); }

  /// The answer; events on the way are kept.
  asio::awaitable<json::object> call(std::string method, std::string params = "{}") {
    const std::string id = std::to_string(++calls_);
    co_await send(R"({"type":"req","id":")" + id + R"(","method":")" + method + R"(","params":)" +
                  params + '}');
    while (true) {
      json::object frame = co_await read();
      if (frame.at("type") == "res") {
        EXPECT_EQ(frame.at("id"), id.c_str());
        co_return frame;
      }
      events.push_back(std::move(frame));
    }
  }

  asio::awaitable<json::object> next_event(std::string name) {
    while (true) {
      json::object frame = co_await read();
      if (frame.at("type") == "event" && frame.at("event") == name.c_str()) co_return frame;
    }
  }

  /// The code with which the other side ends the connection; 1006 for a cut.
  asio::awaitable<unsigned> closed() {
    beast::flat_buffer buffer;
    while (true) {
      const auto [error, size] =
          co_await ws_.async_read(buffer, asio::as_tuple(asio::use_awaitable));
      buffer.consume(size);
      if (!error) continue;
      co_return error == beast::websocket::error::closed ? ws_.reason().code : 1006U;
    }
  }

  [[nodiscard]] std::string close_reason() const { return ws_.reason().reason.c_str(); }
  void cut() { beast::get_lowest_layer(ws_).close(); }

  std::string nonce;
  std::int64_t challenged_at = 0;
  std::vector<json::object> events;

 private:
  beast::websocket::stream<asio::ip::tcp::socket> ws_;
  int calls_ = 0;
};

inline std::string base64url(std::string_view bytes) {
  std::string out;
  unsigned held = 0;
  unsigned bits = 0;
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  for (const char c : bytes) {
    held = (held << 8U) | static_cast<unsigned char>(c);
    for (bits += 8; bits >= 6; bits -= 6) out += kDigits[(held >> (bits - 6)) & 63U];
  }
  if (bits > 0) out += kDigits[(held << (6 - bits)) & 63U];
  return out;
}

/// A key of its own, and the claim it makes of a connect.
class TestDevice {
 public:
  TestDevice() : key_(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"), EVP_PKEY_free) {
    std::size_t size = raw_.size();
    EVP_PKEY_get_raw_public_key(key_.get(), raw_.data(), &size);
    std::array<unsigned char, 32> digest{};
    SHA256(raw_.data(), raw_.size(), digest.data());
    for (const unsigned char byte : digest) {
      id_ += "0123456789abcdef"[byte >> 4U];
      id_ += "0123456789abcdef"[byte & 15U];
    }
  }
  [[nodiscard]] const std::string& id() const { return id_; }

  [[nodiscard]] json::object claim(const TestClient& client, const json::object& params) const {
    DeviceClaim claim{id_, "", "", client.challenged_at, client.nonce};
    SignedConnect connect{"gateway-client", "backend", "operator", {}, "", "linux", ""};
    for (const auto& scope : params.at("scopes").as_array())
      connect.scopes.emplace_back(scope.as_string());
    const json::object& auth = params.at("auth").as_object();
    const char* member = auth.contains("token") ? "token" : "deviceToken";
    if (auth.contains(member)) connect.token = auth.at(member).as_string().c_str();
    const std::string text = signed_text(3, claim, connect);
    std::array<unsigned char, 64> signature{};
    std::size_t size = signature.size();
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                          EVP_MD_CTX_free);
    EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get());
    EVP_DigestSign(context.get(), signature.data(), &size,
                   reinterpret_cast<const unsigned char*>(text.data()), text.size());
    return {{"id", id_},
            {"publicKey", base64url({reinterpret_cast<const char*>(raw_.data()), raw_.size()})},
            {"signature", base64url({reinterpret_cast<const char*>(signature.data()), size})},
            {"signedAt", claim.signed_at},
            {"nonce", claim.nonce}};
  }

 private:
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
  std::array<unsigned char, 32> raw_{};
  std::string id_;
};

}  // namespace cc::sim
