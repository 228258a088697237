#pragma once
// From method and path to route.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/routes/route.h"

namespace cc::api {

struct RouteMatch {
  const Route* route = nullptr;  // empty: the path is unknown, or not with this method
  std::string_view path;         // the template; empty: the path is unknown
  std::vector<std::string> captured;
  std::vector<Method> methods;  // that the path answers to
  bool open = false;            // every route of the path answers without a login
};

/// Immutable after construction.
class Router {
 public:
  /// `routes` live as long as this.
  explicit Router(std::span<const Route> routes);

  /// Templates are tried in the order of the table; the first that fits the path decides.
  [[nodiscard]] RouteMatch match(Method method, const std::vector<std::string>& path) const;

 private:
  void collect(RouteMatch& match, Method method) const;

  std::span<const Route> routes_;
  std::vector<std::vector<std::string>> templates_;  // of each route, split
};

/// What `Allow` says.
[[nodiscard]] std::string allow_list(const std::vector<Method>& methods);

}  // namespace cc::api
