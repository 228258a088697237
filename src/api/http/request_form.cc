#include "api/http/request_form.h"

#include <algorithm>
#include <array>

namespace cc::api {
namespace {

constexpr std::array<std::string_view, 2> kHttpSchemes{"http://", "https://"};

std::size_t scheme_length(std::string_view target) {
  for (const auto scheme : kHttpSchemes) {
    if (same_word(target.substr(0, scheme.size()), scheme)) return scheme.size();
  }
  return 0;
}

void put_host(Request& request, std::string_view authority) {
  const auto is_host = [](const Header& header) { return same_word(header.name, "Host"); };
  const auto hosts = std::ranges::count_if(request.headers, is_host);
  if (hosts == 1) std::ranges::find_if(request.headers, is_host)->value = authority;
  if (hosts == 0 && request.oldest) request.headers.push_back({"Host", std::string(authority)});
}

}  // namespace

void take_absolute_form(Request& request) {
  const auto scheme = scheme_length(request.target);
  if (scheme == 0) return;
  const auto rest = request.target.substr(scheme);
  const auto end = std::min(rest.find_first_of("/?"), rest.size());
  put_host(request, std::string_view(rest).substr(0, end));
  request.target = (rest.substr(end).starts_with('/') ? "" : "/") + rest.substr(end);
}

void take_base_path(Request& request, std::string_view base) {
  const auto inner = base.substr(0, base.size() - 1);
  if (inner.empty() || !request.target.starts_with(inner)) return;
  const auto rest = request.target.substr(inner.size());
  if (rest.empty() || rest.front() == '?') {
    request.target = "/" + rest;
  } else if (rest.front() == '/') {
    request.target = rest;
  }
}

bool is_about_the_server(const Request& request) {
  return request.method == Method::kOptions && request.target == "*";
}

bool is_health_check(const Request& request) {
  if (!request.oldest || !request.all("Host").empty()) return false;
  if (request.method == Method::kOptions) return request.target == "/" || request.target == "*";
  return !writes(request.method) && (request.target == "/healthz" || request.target == "/readyz");
}

}  // namespace cc::api
