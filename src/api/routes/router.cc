#include "api/routes/router.h"

#include <algorithm>

#include "api/http/target.h"

namespace cc::api {
namespace {

bool is_variable(std::string_view part) {
  return part.starts_with('{');
}
bool is_rest(std::string_view part) {
  return part.ends_with("*}");
}

std::optional<std::vector<std::string>> captures(const std::vector<std::string>& pattern,
                                                 const std::vector<std::string>& path) {
  std::vector<std::string> captured;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (is_rest(pattern[i])) return captured;
    if (i >= path.size()) return std::nullopt;
    if (is_variable(pattern[i])) {
      captured.push_back(path[i]);
    } else if (pattern[i] != path[i]) {
      return std::nullopt;
    }
  }
  if (path.size() != pattern.size()) return std::nullopt;
  return captured;
}

bool is_for_programs(const std::vector<std::string>& path) {
  return path.front() == "api" || path.front() == "metrics";
}

}  // namespace

Router::Router(std::span<const Route> routes) : routes_(routes) {
  for (const Route& route : routes_) {
    templates_.push_back(parse_target(route.path).value_or(Target{}).path);
  }
}

RouteMatch Router::match(Method method, const std::vector<std::string>& path) const {
  RouteMatch match;
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    // An unknown path below /api or /metrics is 404, not the dashboard.
    if (is_rest(templates_[i].front()) && is_for_programs(path)) continue;
    auto captured = captures(templates_[i], path);
    if (!captured) continue;
    match.path = routes_[i].path;
    match.captured = *std::move(captured);
    collect(match, method);
    return match;
  }
  return match;
}

void Router::collect(RouteMatch& match, Method method) const {
  match.open = true;
  for (const Route& route : routes_) {
    if (route.path != match.path) continue;
    match.open = match.open && route.policy.is_open();
    match.methods.push_back(route.method);
    if (route.method == Method::kGet) match.methods.push_back(Method::kHead);
    const bool fits =
        route.method == method || (route.method == Method::kGet && method == Method::kHead);
    if (fits) match.route = &route;
  }
}

std::string allow_list(const std::vector<Method>& methods) {
  std::string list;
  for (const Method method : methods) list.append(list.empty() ? "" : ", ").append(text(method));
  return list;
}

}  // namespace cc::api
