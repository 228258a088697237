#pragma once
// The document of the API.

#include "api/routes/call.h"

namespace cc::api {

class OpenApiResource {
 public:
  [[nodiscard]] Answer show(const Call& call) const;
};

}  // namespace cc::api
