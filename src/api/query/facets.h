#pragma once
// How many rows hold each value of a field.

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "api/query/value.h"

namespace cc::api {

/// Of one field, in the order of values. Values are spelled as filters spell them: `null`, `true`,
/// numbers in decimal; each item of a list counts.
using Facet = std::vector<std::pair<std::string, std::uint64_t>>;
using FacetCounts = std::vector<Facet>;

/// Use once: `count` repeatedly, then `counts`. The texts must live until then.
class FacetCounter {
 public:
  /// Values come from gateways, so there may be any number. Only the most frequent are returned.
  static constexpr std::size_t kMaxValues = 100;

  explicit FacetCounter(std::size_t facets) : texts_(facets), others_(facets) {}

  void count(std::size_t facet, const Value& value);
  [[nodiscard]] FacetCounts counts() const;

 private:
  std::vector<std::unordered_map<std::string_view, std::uint64_t>> texts_;
  std::vector<std::map<std::string, std::uint64_t>> others_;
};

}  // namespace cc::api
