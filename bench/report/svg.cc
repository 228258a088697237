#include "bench/report/svg.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

namespace cc::bench {
namespace {

constexpr double kWidth = 640;
constexpr double kHeight = 400;
constexpr double kLeft = 70;
constexpr double kRight = 150;  // the legend
constexpr double kTop = 40;
constexpr double kBottom = 50;
constexpr std::array kColours{"#1f77b4", "#d6602d", "#2a9d5c", "#9256b8", "#b8860b",
                              "#c2407c", "#4a8f96", "#7a7a7a", "#8c564b", "#5668c9"};

/// A logarithmic axis over whole powers of ten.
struct Axis {
  double low = 0;  // exponents
  double high = 1;
  double from = 0;  // where they are drawn
  double to = 1;

  [[nodiscard]] double at(double value) const {
    return from + (std::log10(value) - low) / (high - low) * (to - from);
  }
};

template <class Take>
Axis axis_of(const Plot& plot, Take take, double from, double to) {
  double least = 1e300;
  double most = 0;
  for (const auto& line : plot.lines) {
    for (const auto& point : line.points) {
      if (take(point) <= 0) continue;
      least = std::min(least, take(point));
      most = std::max(most, take(point));
    }
  }
  if (most == 0) return {0, 1, from, to};
  const double low = std::floor(std::log10(least));
  return {low, std::max(low + 1, std::ceil(std::log10(most))), from, to};
}

std::string number(double exponent) {
  const double value = std::pow(10, exponent);
  if (value >= 1e6) return fmt::format("{:g}M", value / 1e6);
  if (value >= 1e3) return fmt::format("{:g}k", value / 1e3);
  return fmt::format("{:g}", value);
}

std::string text(double x, double y, const char* anchor, const std::string& words) {
  return fmt::format(R"(<text x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>)"
                     "\n",
                     x, y, anchor, words);
}

std::string grid(const Axis& x, const Axis& y) {
  std::string out;
  for (double e = x.low; e <= x.high; ++e) {
    const double at = x.at(std::pow(10, e));
    out += fmt::format(R"(<path class="grid" d="M{0:.1f} {1:.1f}V{2:.1f}"/>)"
                       "\n",
                       at, y.to, y.from);
    out += text(at, y.from + 18, "middle", number(e));
  }
  for (double e = y.low; e <= y.high; ++e) {
    const double at = y.at(std::pow(10, e));
    out += fmt::format(R"(<path class="grid" d="M{1:.1f} {0:.1f}H{2:.1f}"/>)"
                       "\n",
                       at, x.from, x.to);
    out += text(x.from - 8, at + 4, "end", number(e));
  }
  return out;
}

std::string draw_line(const Line& line, const char* colour, const Axis& x, const Axis& y) {
  std::string path;
  std::string dots;
  for (const auto& [px, py] : line.points) {
    if (px <= 0 || py <= 0) continue;
    path += fmt::format("{}{:.1f} {:.1f}", path.empty() ? "M" : "L", x.at(px), y.at(py));
    dots += fmt::format(R"(<circle cx="{:.1f}" cy="{:.1f}" r="3.5" fill="{}"/>)", x.at(px),
                        y.at(py), colour);
  }
  return fmt::format(R"(<path d="{}" fill="none" stroke="{}" stroke-width="2"/>{})"
                     "\n",
                     path, colour, dots);
}

}  // namespace

std::string draw(const Plot& plot) {
  const Axis x =
      axis_of(plot, [](const auto& point) { return point.first; }, kLeft, kWidth - kRight);
  const Axis y =
      axis_of(plot, [](const auto& point) { return point.second; }, kHeight - kBottom, kTop);
  std::string out = fmt::format(
      R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0:g} {1:g}" width="{0:g}" height="{1:g}">
<style>text{{font:12px sans-serif;fill:#808080}}.grid{{stroke:#80808055}}</style>
)",
      kWidth, kHeight);
  out += text(kLeft, 22, "start", plot.title);
  out += grid(x, y);
  out += text((x.from + x.to) / 2, kHeight - 12, "middle", plot.x);
  out += text(kLeft - 62, kTop - 10, "start", plot.y);
  double legend = kTop + 10;
  for (std::size_t i = 0; i < plot.lines.size(); ++i, legend += 20) {
    const char* colour = kColours.at(i % kColours.size());
    out += draw_line(plot.lines[i], colour, x, y);
    out += fmt::format(R"(<rect x="{:.1f}" y="{:.1f}" width="12" height="4" fill="{}"/>)"
                       "\n",
                       kWidth - kRight + 14, legend - 5, colour);
    out += text(kWidth - kRight + 32, legend, "start", plot.lines[i].name);
  }
  return out + "</svg>\n";
}

}  // namespace cc::bench
