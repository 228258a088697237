#pragma once
// What becomes of samples.

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace cc::bench {

[[nodiscard]] double median(std::vector<double> values);

/// (largest - smallest) / median: how far the rounds of one measurement lie apart.
[[nodiscard]] double spread(const std::vector<double>& values);

/// "smallest to largest", with so many digits behind the point; there must be one.
[[nodiscard]] std::string from_to(const std::vector<double>& values, int digits);

/// Exponent of y = a·x^b through the points, by least squares on the logarithms.
[[nodiscard]] double growth_exponent(const std::vector<double>& x, const std::vector<double>& y);

/// Counts durations in buckets that are at most 1/32 wide of their value. Nanoseconds.
class Histogram {
 public:
  void add(std::int64_t nanoseconds);
  void clear() { *this = {}; }
  void merge(const Histogram& other);
  [[nodiscard]] std::uint64_t count() const { return count_; }
  /// Milliseconds below which `fraction` of the samples lie; 0 where there are none.
  [[nodiscard]] double quantile(double fraction) const;

 private:
  static constexpr unsigned kFine = 5;  // 2^5 buckets between two powers of two
  std::array<std::uint64_t, (64 - kFine) << kFine> buckets_{};
  std::uint64_t count_ = 0;
};

}  // namespace cc::bench
