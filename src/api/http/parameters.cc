#include "api/http/parameters.h"

#include <algorithm>

#include "base/number.h"

namespace cc::api {

Response problem(const ParameterFault& fault) {
  return problem(400, fault.detail, {{"parameter", fault.parameter}});
}

std::optional<ParameterFault> find_parameter_fault(const Parameters& query,
                                                   std::initializer_list<std::string_view> known) {
  for (const Parameter& parameter : query) {
    const std::string& name = parameter.name;
    if (std::ranges::find(known, name) == known.end()) {
      return ParameterFault{name, "The parameter '" + name + "' is not known here."};
    }
    if (std::ranges::count(query, name, &Parameter::name) > 1) {
      return ParameterFault{name, "The parameter '" + name + "' is given twice."};
    }
  }
  return std::nullopt;
}

std::optional<std::string_view> find_parameter(const Parameters& query, std::string_view name) {
  const auto found = std::ranges::find(query, name, &Parameter::name);
  if (found == query.end()) return std::nullopt;
  return found->value;
}

std::optional<std::string_view> find_value(const Parameters& query, std::string_view name) {
  const auto found = find_parameter(query, name);
  return found && !found->empty() ? found : std::nullopt;
}

std::optional<std::int64_t> parse_whole(std::string_view text) {
  return number_in<std::int64_t>(text);
}

}  // namespace cc::api
