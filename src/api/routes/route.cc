#include "api/routes/route.h"

#include <algorithm>

namespace cc::api {

void write_down(Services& services, const Request& request, auth::AuditEntry entry) {
  entry.address = request.peer;
  const auto written = services.audit.record(std::move(entry));
  if (written) return;
  services.log.error("the audit record cannot be written", {{"why", written.error().message}});
}

Response parameter_problem(std::string_view parameter, std::string_view detail) {
  return problem(400, detail, {{"parameter", parameter}});
}

std::optional<Response> find_parameter_fault(const Parameters& query,
                                             std::initializer_list<std::string_view> known) {
  for (const Parameter& parameter : query) {
    const std::string& name = parameter.name;
    if (std::ranges::find(known, name) == known.end()) {
      return parameter_problem(name, "The parameter '" + name + "' is not known here.");
    }
    if (std::ranges::count(query, name, &Parameter::name) > 1) {
      return parameter_problem(name, "The parameter '" + name + "' is given twice.");
    }
  }
  return std::nullopt;
}

std::optional<std::string_view> find_parameter(const Parameters& query, std::string_view name) {
  const auto found = std::ranges::find(query, name, &Parameter::name);
  if (found == query.end()) return std::nullopt;
  return found->value;
}

}  // namespace cc::api
