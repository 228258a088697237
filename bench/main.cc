// ./dev bench: measures, prints, and says which goals hold.

#include <algorithm>
#include <csignal>
#include <iostream>

#include <CLI/CLI.hpp>
#include <sys/resource.h>

#include "bench/benches/setting.h"
#include "bench/report/stolen_time.h"
#include "bench/subject/bare_fanout.h"

namespace {

namespace fs = std::filesystem;
using cc::bench::Bench;

struct Options {
  std::vector<std::string> names;
  fs::path json;
  fs::path plots;
  fs::path scratch = fs::temp_directory_path() / "control-center-bench";
  bool brief = false;
  bool list = false;
  int rounds = 3;
};

void read_options(CLI::App& app, Options& options) {
  std::vector<std::string> known;
  for (const Bench& bench : cc::bench::all_benches()) known.emplace_back(bench.name);
  app.add_option("NAME", options.names, "Which benches; all where none is named")
      ->check(CLI::IsMember(known));
  app.add_option("--json", options.json, "Where the figures go");
  app.add_option("--plots", options.plots, "A folder for plots");
  app.add_option("--scratch", options.scratch, "A folder of its own; databases go there")
      ->capture_default_str();
  app.add_option("--rounds", options.rounds, "How often each cell is measured")
      ->check(CLI::Range(1, 25))
      ->capture_default_str();
  app.add_flag("--list", options.list, "Only says which benches there are");
  app.add_flag("--brief", options.brief,
               "Small and quick: shows that everything works, measures nothing");
}

int list() {
  for (const Bench& bench : cc::bench::all_benches()) {
    std::cout << bench.name << '\t' << bench.what << '\n';
  }
  return 0;
}

/// Ten thousand readers are as many files.
void raise_file_limit() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

std::vector<cc::bench::Report> run(const Options& options, const cc::bench::Setting& setting) {
  std::vector<cc::bench::Report> reports;
  for (const Bench& bench : cc::bench::all_benches()) {
    const bool named = std::ranges::find(options.names, bench.name) != options.names.end();
    if (!options.names.empty() && !named) continue;
    const cc::bench::StolenTime stolen;
    reports.push_back(bench.run(setting));
    reports.back().stolen = stolen.share();
    print(reports.back());
  }
  return reports;
}

/// What `./dev test` counts: each bench that came through without a hole.
void print_verdict(const std::vector<cc::bench::Report>& reports) {
  std::size_t held = 0;
  std::size_t missed = 0;
  for (const auto& report : reports) {
    for (const auto& goal : report.goals) ++(goal.held ? held : missed);
  }
  std::cout << '\n' << held << " goals held, " << missed << " missed\n";
}

/// This program is the limit's server, too (bench/subject/bare_fanout.h).
bool is_limit(int argc, char** argv) {
  return argc == 5 && std::string_view(argv[1]) == cc::bench::BareFanout::kFlag;
}

}  // namespace

int main(int argc, char** argv) {
  ::signal(SIGPIPE, SIG_IGN);
  raise_file_limit();
  if (is_limit(argc, argv)) {
    return cc::bench::BareFanout::serve(argv[2], std::stoul(argv[3]), argv[4][0] == '1');
  }
  CLI::App app{"Measures Control Center beside a peer and the limit of the machine."};
  Options options;
  read_options(app, options);
  CLI11_PARSE(app, argc, argv);
  if (options.list) return list();
  try {
    const cc::bench::Setting setting{.programs = fs::canonical("/proc/self/exe").parent_path(),
                                     .scratch = fs::absolute(options.scratch),
                                     .brief = options.brief,
                                     .rounds = options.brief ? 1 : options.rounds};
    fs::create_directories(setting.scratch);
    cc::bench::print_machine();
    const auto reports = run(options, setting);
    if (!options.json.empty()) write_json(options.json, reports);
    if (!options.plots.empty()) write_plots(options.plots, reports);
    print_verdict(reports);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "cc-bench: " << error.what() << '\n';
    return 1;
  }
}
