#pragma once
// A page token, as `page` and `next` hold it: continue after the row with these values and
// identity. It is not a count, so rows that come and go elsewhere neither shift nor repeat what
// follows.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/query/value.h"

namespace cc::api {

struct PageToken {
  /// As asked for, "" for the order of identities. A token is void in another order.
  std::string sort;
  std::vector<OwnedValue> values;  // one for each field sorted by
  std::string gateway;
  std::string id;

  friend bool operator==(const PageToken&, const PageToken&) = default;
};

/// Opaque to readers: base64url.
[[nodiscard]] std::string encode_page_token(const PageToken& place);
[[nodiscard]] std::optional<PageToken> decode_page_token(std::string_view token);

}  // namespace cc::api
