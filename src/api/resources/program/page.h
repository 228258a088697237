#pragma once
// Everything outside /api and /metrics: the embedded pages.

#include "api/assets.h"
#include "api/middleware/authentication.h"
#include "api/routes/call.h"

namespace cc::api {

class PageResource {
 public:
  explicit PageResource(Assets assets) : assets_(assets) {}

  /// Tells a page whether somebody is signed in.
  [[nodiscard]] Answer show(const Call& call) const {
    auto response = assets_.answer(call.request);
    const auto mark = mark_sign_in(call.request, call.identity.has_value());
    if (mark && !Assets::is_hashed(call.request)) response.with("Set-Cookie", *mark);
    return response;
  }

 private:
  Assets assets_;
};

}  // namespace cc::api
