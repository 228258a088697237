#include "api/routes/table.h"

namespace cc::api {

std::vector<Route> all_routes() {
  std::vector<Route> all;
  for (const auto& some :
       {routes::health(), routes::metrics(), routes::openapi(), routes::fleet(), routes::rows(),
        routes::events(), routes::activity(), routes::status(), routes::stream(), routes::session(),
        routes::tokens(), routes::audit(), routes::backup(), routes::page()}) {
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

}  // namespace cc::api
