#include "bench/report/report.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iostream>
#include <thread>

#include <fmt/format.h>
#include <sys/utsname.h>

#include "base/json_writer.h"
#include "bench/report/svg.h"

namespace cc::bench {
namespace {

std::string shown(double value) {
  const double size = std::abs(value);
  if (size >= 1e6) return fmt::format("{:.2f}M", value / 1e6);
  if (size >= 1e4) return fmt::format("{:.1f}k", value / 1e3);
  if (size >= 100 || value == std::round(value)) return fmt::format("{:.0f}", value);
  return fmt::format("{:.{}f}", value, size >= 10 ? 1 : size >= 0.1 ? 2 : 3);
}

std::string shown(const Cell& cell) {
  if (const auto* text = std::get_if<std::string>(&cell)) return *text;
  return shown(std::get<double>(cell));
}

std::string machine() {
  std::ifstream cpu("/proc/cpuinfo");
  std::string line;
  std::string model = "unknown processor";
  while (std::getline(cpu, line)) {
    if (line.starts_with("model name")) model = line.substr(line.find(':') + 2);
  }
  utsname kernel{};
  ::uname(&kernel);
  return fmt::format("{} x {}, Linux {}", std::thread::hardware_concurrency(), model,
                     static_cast<const char*>(kernel.release));
}

std::vector<std::size_t> column_widths(const std::vector<Row>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max({widths[i], row[i].first.size(), shown(row[i].second).size()});
    }
  }
  return widths;
}

void print_rows(const std::vector<Row>& rows) {
  const auto widths = column_widths(rows);
  const Row* headed = nullptr;
  const auto same_columns = [](const Row& a, const Row& b) {
    return std::ranges::equal(a, b, {}, &Row::value_type::first, &Row::value_type::first);
  };
  for (const auto& row : rows) {
    std::string head;
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      head += fmt::format("  {:>{}}", row[i].first, widths[i]);
      line += fmt::format("  {:>{}}", shown(row[i].second), widths[i]);
    }
    if (headed == nullptr || !same_columns(*headed, row)) std::cout << head << '\n';
    headed = &row;
    std::cout << line << '\n';
  }
}

Goal judged(std::string goal, std::string target, double value, bool held) {
  return {.goal = std::move(goal),
          .target = std::move(target),
          .value = value,
          .held = held,
          .reason = {}};
}

double rounded(double value) {
  if (!std::isfinite(value)) return -1;
  if (value == 0) return 0;
  const double scale = std::pow(10.0, 4 - std::ceil(std::log10(std::abs(value))));
  return std::round(value * scale) / scale;
}

void write_row(JsonWriter& json, const Row& row) {
  json.begin_object();
  for (const auto& [column, cell] : row) {
    if (const auto* text = std::get_if<std::string>(&cell)) {
      json.field(column, *text);
    } else {
      json.field(column, rounded(std::get<double>(cell)));
    }
  }
  json.end_object();
}

void write_goal(JsonWriter& json, const Goal& goal) {
  json.begin_object().field("goal", goal.goal).field("target", goal.target);
  json.field("value", rounded(goal.value)).field("held", goal.held);
  if (!goal.reason.empty()) json.field("reason", goal.reason);
  json.end_object();
}

void write_report(JsonWriter& json, const Report& report) {
  json.begin_object().field("name", report.name).key("rows").begin_array();
  for (const auto& row : report.rows) write_row(json, row);
  json.end_array().key("goals").begin_array();
  for (const auto& goal : report.goals) write_goal(json, goal);
  json.end_array().field("noise", rounded(report.noise));
  json.field("stolen", rounded(report.stolen)).field("machine", machine());
  json.key("notes").begin_array();
  for (const auto& note : report.notes) json.value(note);
  json.end_array().end_object();
}

}  // namespace

Goal at_least(std::string goal, double target, double value) {
  return judged(std::move(goal), fmt::format(">= {}", target), value, value >= target);
}

Goal at_most(std::string goal, double target, double value) {
  return judged(std::move(goal), fmt::format("<= {}", target), value, value <= target);
}

void print_machine() {
  std::cout << machine() << '\n';
}

Goal explained(Goal goal, std::string reason) {
  if (!goal.held) goal.reason = std::move(reason);
  return goal;
}

void print(const Report& report) {
  std::cout << "\n== " << report.name << '\n';
  print_rows(report.rows);
  for (const auto& goal : report.goals) {
    std::cout << (goal.held ? "  held    " : "  MISSED  ") << goal.goal << ": " << shown(goal.value)
              << " (" << goal.target << ")";
    if (!goal.reason.empty()) std::cout << "; " << goal.reason;
    std::cout << '\n';
  }
  for (const auto& note : report.notes) std::cout << "  " << note << '\n';
  std::cout
      << fmt::format(
             "  noise: rounds of one cell lie up to {:.0f} % apart; {:.1f} % of the processors' "
             "time went to other machines\n",
             report.noise * 100, report.stolen * 100)
      << std::flush;
}

void write_json(const std::filesystem::path& file, const std::vector<Report>& reports) {
  std::string out;
  JsonWriter json(out);
  json.begin_array();
  for (const auto& report : reports) write_report(json, report);
  json.end_array();
  std::ofstream stream(file);
  stream << out << '\n';
  if (!stream.flush()) throw std::runtime_error("cannot write " + file.string());
}

void write_plots(const std::filesystem::path& folder, const std::vector<Report>& reports) {
  std::filesystem::create_directories(folder);
  for (const auto& report : reports) {
    for (const auto& plot : report.plots) {
      std::ofstream stream(folder / (plot.file + ".svg"));
      stream << draw(plot);
      if (!stream.flush()) throw std::runtime_error("cannot write into " + folder.string());
    }
  }
}

}  // namespace cc::bench
