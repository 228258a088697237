#include "api/resources/program/openapi.h"

#include "api/embedded.h"

namespace cc::api {

Answer OpenApiResource::show(const Call& /*call*/) const {
  Response response{.status = 200, .headers = {}, .body = embedded_file("openapi.json")};
  return std::move(response.with("Content-Type", "application/json"));
}

}  // namespace cc::api
