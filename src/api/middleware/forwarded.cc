#include "api/middleware/forwarded.h"

#include <algorithm>
#include <utility>

#include "api/http/blanks.h"
#include "api/middleware/authority.h"

namespace cc::api {
namespace {

/// Takes the last item off a list with commas.
std::string_view take_last(std::string_view& list) {
  const auto comma = list.rfind(',');
  if (comma == std::string_view::npos) return trimmed(std::exchange(list, {}));
  const auto item = list.substr(comma + 1);
  list = list.substr(0, comma);
  return trimmed(item);
}

/// Some write a port behind the address.
std::string bare(std::string_view item) {
  if (address_bytes(item)) return std::string(item);
  const auto parsed = parse_authority(item);
  return parsed && address_bytes(parsed->host) ? parsed->host : std::string();
}

}  // namespace

Forwarded::Forwarded(std::vector<Network> proxies) : proxies_(std::move(proxies)) {}

void Forwarded::apply(Request& request) const {
  if (proxies_.empty() || !trusts(request.peer)) return;
  request.peer = client_of(request);
  // The proxy nearest to us is the last item.
  const auto schemes = request.all("X-Forwarded-Proto");
  if (schemes.empty()) return;
  std::string_view list = schemes.back();
  request.secure = same_word(take_last(list), "https");
}

bool Forwarded::trusts(std::string_view address) const {
  const auto bytes = address_bytes(address);
  return bytes && std::ranges::any_of(
                      proxies_, [&](const Network& network) { return network.contains(*bytes); });
}

/// Each proxy appends the address that it talked to. Items before the first untrusted address are
/// that client's own claim.
std::string Forwarded::client_of(const Request& request) const {
  std::string client = request.peer;
  const auto lists = request.all("X-Forwarded-For");
  for (auto list = lists.rbegin(); list != lists.rend(); ++list) {
    for (std::string_view rest = *list; !rest.empty();) {
      auto hop = bare(take_last(rest));
      if (hop.empty()) return client;
      client = std::move(hop);
      if (!trusts(client)) return client;
    }
  }
  return client;
}

}  // namespace cc::api
