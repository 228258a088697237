#pragma once
// Everything outside /api and /metrics: the embedded pages.

#include "api/assets.h"
#include "api/routes/call.h"

namespace cc::api {

class PageResource {
 public:
  explicit PageResource(Assets assets) : assets_(assets) {}

  [[nodiscard]] Answer show(const Call& call) const { return assets_.answer(call.request); }

 private:
  Assets assets_;
};

}  // namespace cc::api
