#pragma once
// Parameters of a request, looked up and checked.

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "api/http/response.h"
#include "api/http/target.h"

namespace cc::api {

/// A parameter that cannot be used, and the sentence for the one who sent it.
struct ParameterFault {
  std::string parameter;
  std::string detail;
};

/// A 400 that names the parameter.
[[nodiscard]] Response problem(const ParameterFault& fault);

/// The first parameter that is not one of `known`, or that is given twice.
[[nodiscard]] std::optional<ParameterFault> find_parameter_fault(
    const Parameters& query, std::initializer_list<std::string_view> known);

[[nodiscard]] std::optional<std::string_view> find_parameter(const Parameters& query,
                                                             std::string_view name);
/// As above; empty also where it is given without a value.
[[nodiscard]] std::optional<std::string_view> find_value(const Parameters& query,
                                                         std::string_view name);

/// The whole text as a decimal number; empty where it is anything else.
[[nodiscard]] std::optional<std::int64_t> parse_whole(std::string_view text);

}  // namespace cc::api
