#include "api/query/facets.h"

#include <algorithm>

namespace cc::api {
namespace {

void keep_most_frequent(Facet& facet) {
  if (facet.size() <= FacetCounter::kMaxValues) return;
  std::ranges::sort(facet, [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  facet.resize(FacetCounter::kMaxValues);
}

}  // namespace

void FacetCounter::count(std::size_t facet, const Value& value) {
  if (const auto* text = std::get_if<std::string_view>(&value)) {
    ++texts_[facet][*text];
  } else if (const auto* const* items = std::get_if<const Texts*>(&value)) {
    for (const std::string& item : **items) ++texts_[facet][item];
  } else if (const auto* truth = std::get_if<bool>(&value)) {
    ++texts_[facet][*truth ? "true" : "false"];
  } else if (const auto* number = std::get_if<std::int64_t>(&value)) {
    ++others_[facet][std::to_string(*number)];
  } else if (is_null(value)) {
    ++texts_[facet]["null"];
  }
}

FacetCounts FacetCounter::counts() const {
  FacetCounts counts;
  for (std::size_t i = 0; i < texts_.size(); ++i) {
    Facet& facet = counts.emplace_back(texts_[i].begin(), texts_[i].end());
    facet.insert(facet.end(), others_[i].begin(), others_[i].end());
    keep_most_frequent(facet);
    std::ranges::sort(facet);
  }
  return counts;
}

}  // namespace cc::api
