#include "api/resources/program/metrics.h"

namespace cc::api {

Answer MetricsResource::show(const Call& /*call*/) const {
  Response response{.status = 200, .headers = {}, .body = metrics_.text()};
  return std::move(response.with("Content-Type", "text/plain; version=0.0.4; charset=utf-8"));
}

}  // namespace cc::api
