#pragma once
// What a bench found: a table for people, rows and goals for programs.

#include <filesystem>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace cc::bench {

using Cell = std::variant<double, std::string>;
/// Columns in their order.
using Row = std::vector<std::pair<std::string, Cell>>;

struct Goal {
  std::string goal;
  std::string target;
  double value = 0;
  bool held = false;
  std::string reason;  // why it is missed, as far as it was measured
};

[[nodiscard]] Goal at_least(std::string goal, double target, double value);
[[nodiscard]] Goal at_most(std::string goal, double target, double value);
/// With the reason where it is missed.
[[nodiscard]] Goal explained(Goal goal, std::string reason);

/// Points that belong together, for a plot.
struct Line {
  std::string name;
  std::vector<std::pair<double, double>> points;
};
struct Plot {
  std::string file;  // without its ending
  std::string title;
  std::string x;
  std::string y;
  std::vector<Line> lines;  // on logarithmic axes
};

struct Report {
  std::string name;
  std::vector<Row> rows;
  std::vector<Goal> goals;
  std::vector<std::string> notes;  // what has to be known to read the figures
  double noise = 0;                // the largest spread between rounds of one cell
  double stolen = 0;               // what a hypervisor gave to others meanwhile, of all time
  std::vector<Plot> plots;
};

void print(const Report& report);
void print_machine();
/// The list that `--json` promises. Throws where the file cannot be written.
void write_json(const std::filesystem::path& file, const std::vector<Report>& reports);
void write_plots(const std::filesystem::path& folder, const std::vector<Report>& reports);

}  // namespace cc::bench
