// Everything outside /api and /metrics: the pages that are part of the program. What is not one of
// them gets the index, so that links into it work.

#include <algorithm>
#include <array>

#include "api/embedded.h"
#include "api/middleware/security_headers.h"
#include "api/routes/table.h"

namespace cc::api::routes {
namespace {

constexpr std::string_view kFolder = "page";
constexpr std::string_view kIndex = "page/index.html";

constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kTypes{{
    {".html", "text/html; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".svg", "image/svg+xml"},
    {".woff2", "font/woff2"},
    {".json", "application/json"},
}};

std::string_view type_of(std::string_view name) {
  const auto found =
      std::ranges::find_if(kTypes, [&](const auto& type) { return name.ends_with(type.first); });
  return found == kTypes.end() ? "application/octet-stream" : found->second;
}

Response show(Services& /*services*/, const Call& call) {
  std::string name(kFolder);
  name += call.request.target.substr(0, call.request.target.find('?'));
  if (embedded_file(name).empty()) name = kIndex;
  Response response{.status = 200, .headers = {}, .body = embedded_file(name)};
  return std::move(response.with("Content-Type", std::string(type_of(name)))
                       .with("Content-Security-Policy", std::string(kPagePolicy))
                       .with("Cache-Control", "no-cache"));
}

constexpr std::array kRoutes{Route{Method::kGet, "/{asset*}", kPublic, show}};

}  // namespace

std::span<const Route> page() {
  return kRoutes;
}

}  // namespace cc::api::routes
