#pragma once
// A page token, as `page` and `next` hold it: continue after the row with this value and identity.
// It is not a count, so rows that come and go elsewhere neither shift nor repeat what follows.

#include <optional>
#include <string>
#include <string_view>

#include "api/query/value.h"

namespace cc::api {

struct Place {
  std::string
      sort;  // as asked for, "" for the order of identities; a place is void in another order
  OwnedValue value;
  std::string gateway;
  std::string id;

  friend bool operator==(const Place&, const Place&) = default;
};

/// Opaque to readers: base64url.
[[nodiscard]] std::string encode_place(const Place& place);
[[nodiscard]] std::optional<Place> decode_place(std::string_view token);

}  // namespace cc::api
