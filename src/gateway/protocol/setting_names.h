#pragma once
// What the settings of one gateway are called where its user writes them: for sentences that say
// what to do.

#include <string>

namespace cc::gateway::protocol {

struct SettingNames {
  std::string ws_url = "WS_GATEWAY_URL";
  std::string rest_url = "GATEWAY_URL";
  std::string token = "OPENCLAW_GATEWAY_TOKEN";
  std::string password = "OPENCLAW_GATEWAY_PASSWORD";
  std::string access = "CONTROL_CENTER_GATEWAY_ACCESS";
};

}  // namespace cc::gateway::protocol
