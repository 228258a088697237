#pragma once
// What all benches are run with, and the list of them.

#include <filesystem>
#include <span>
#include <string_view>

#include "bench/report/report.h"

namespace cc::bench {

struct Setting {
  std::filesystem::path programs;  // where control-center is
  std::filesystem::path scratch;   // a folder of the bench's own
  /// Small and quick: shows that everything works, and measures nothing.
  bool brief = false;
  int rounds = 3;

  /// Where the server that is measured runs, and where everything else does.
  static constexpr int kServerCpu = 0;
  static constexpr int kLoadCpu = 1;

  [[nodiscard]] std::filesystem::path server() const { return programs / "control-center"; }
  /// A folder that is not there yet.
  [[nodiscard]] std::filesystem::path fresh(std::string_view name) const;
};

struct Bench {
  std::string_view name;
  std::string_view what;
  Report (*run)(const Setting&);
};

[[nodiscard]] std::span<const Bench> all_benches();

Report fanout(const Setting& setting);
Report fanout_unbatched(const Setting& setting);
Report latency(const Setting& setting);
Report ingest(const Setting& setting);
Report resync(const Setting& setting);
Report replay(const Setting& setting);
Report start(const Setting& setting);
Report rest(const Setting& setting);
Report backup(const Setting& setting);
Report commands(const Setting& setting);
Report memory(const Setting& setting);
Report growth(const Setting& setting);

}  // namespace cc::bench
