#pragma once
// The target of a request, taken apart: the path is split first and decoded afterwards, so that an
// escaped slash stays inside its part.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cc::api {

struct Parameter {
  std::string name;
  std::string value;
};
using Parameters = std::vector<Parameter>;

struct Target {
  std::vector<std::string> path;  // "/" is one empty part
  Parameters query;
};

/// Empty where it is not an absolute path, or holds a broken escape or invalid UTF-8.
[[nodiscard]] std::optional<Target> parse_target(std::string_view target);

/// Splits at commas; a backslash before a comma keeps it.
[[nodiscard]] std::vector<std::string> split_list(std::string_view text);

}  // namespace cc::api
