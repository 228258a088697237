#include "gateway/protocol/transport_advice.h"

#include <array>

namespace cc::gateway::protocol {
namespace {

struct Advice {
  std::string_view begins;  // how the transport's phrase begins
  std::string_view advice;  // the name of the setting follows where it ends with a space
};

// The first that fits counts.
constexpr std::array kAdvice{
    Advice{"connection refused",
           "nothing listens there: start OpenClaw on that machine (openclaw gateway status tells "
           "whether it runs), or correct "},
    Advice{"no answer to connect",
           "something listens there that does not speak as a gateway does: correct "},
    Advice{"no answer",
           "check that the machine is up and that no firewall is in between, or correct "},
    Advice{"no route",
           "check that the machine is up and that this one reaches its network, or correct "},
    Advice{"the name ", "check that the name is right and that DNS knows it, or correct "},
    Advice{"its TLS certificate is not the pinned one",
           "if the gateway's certificate was renewed, set tls_fingerprint to the new one"},
    Advice{
        "its TLS certificate is not trusted",
        "set tls_fingerprint to the SHA-256 of its certificate, or install its authority on this "
        "machine"},
    Advice{"TLS failed", "if the gateway does not speak TLS, begin the address with ws:// in "},
};

}  // namespace

std::string transport_advice(std::string_view transport, std::string_view url_setting) {
  for (const auto& [begins, advice] : kAdvice) {
    if (!transport.starts_with(begins)) continue;
    std::string text(advice);
    if (advice.ends_with(' ')) text += url_setting;
    return text;
  }
  return {};
}

}  // namespace cc::gateway::protocol
