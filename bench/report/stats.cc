#include "bench/report/stats.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include <fmt/format.h>

namespace cc::bench {

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::ranges::sort(values);
  const auto middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

double spread(const std::vector<double>& values) {
  if (values.empty()) return 0;
  const auto [least, most] = std::ranges::minmax(values);
  const double middle = median(values);
  return middle == 0 ? 0 : (most - least) / middle;
}

std::string from_to(const std::vector<double>& values, int digits) {
  const auto [least, most] = std::ranges::minmax(values);
  return fmt::format("{:.{}f} to {:.{}f}", least, digits, most, digits);
}

double growth_exponent(const std::vector<double>& x, const std::vector<double>& y) {
  const auto n = static_cast<double>(x.size());
  double sx = 0, sy = 0, sxx = 0, sxy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double lx = std::log(x[i]);
    const double ly = std::log(std::max(y[i], 1e-12));
    sx += lx, sy += ly, sxx += lx * lx, sxy += lx * ly;
  }
  return (n * sxy - sx * sy) / (n * sxx - sx * sx);
}

void Histogram::add(std::int64_t nanoseconds) {
  const auto value = static_cast<std::uint64_t>(std::max<std::int64_t>(nanoseconds, 1));
  const auto width = static_cast<unsigned>(std::bit_width(value));
  const unsigned shift = width > kFine + 1 ? width - kFine - 1 : 0;
  const std::size_t index = (std::size_t{shift} << kFine) + (value >> shift);
  ++buckets_.at(std::min(index, buckets_.size() - 1));
  ++count_;
}

void Histogram::merge(const Histogram& other) {
  for (std::size_t i = 0; i < buckets_.size(); ++i) buckets_.at(i) += other.buckets_.at(i);
  count_ += other.count_;
}

double Histogram::quantile(double fraction) const {
  if (count_ == 0) return 0;
  const auto wanted = static_cast<std::uint64_t>(std::ceil(fraction * static_cast<double>(count_)));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    seen += buckets_.at(i);
    if (seen < wanted) continue;
    const std::size_t shift = i < (2U << kFine) ? 0 : (i >> kFine) - 1;
    const auto value = static_cast<double>((i - (shift << kFine)) << shift);
    return value / 1e6;
  }
  return 0;
}

}  // namespace cc::bench
