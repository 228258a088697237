#pragma once

#include <string>

#include "bench/report/report.h"

namespace cc::bench {

/// Lines over logarithmic axes as an SVG document that is readable on light and dark pages.
[[nodiscard]] std::string draw(const Plot& plot);

}  // namespace cc::bench
