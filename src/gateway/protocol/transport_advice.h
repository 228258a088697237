#pragma once
// What a person can try where a gateway cannot be reached at all.

#include <string>
#include <string_view>

namespace cc::gateway::protocol {

/// `transport` is why, as net says it ("connection refused"); `url_setting` is what the address's
/// setting is called. Empty where there is nothing better than to wait.
[[nodiscard]] std::string transport_advice(std::string_view transport,
                                           std::string_view url_setting);

}  // namespace cc::gateway::protocol
