#include "bench/report/stolen_time.h"

#include <fstream>
#include <string>

namespace cc::bench {

StolenTime::StolenTime() : begun_(now()) {}

double StolenTime::share() const {
  const Ticks ended = now();
  const auto all = static_cast<double>(ended.all - begun_.all);
  return all > 0 ? static_cast<double>(ended.stolen - begun_.stolen) / all : 0;
}

// proc(5): the first line of /proc/stat has the ticks of user, nice, system, idle, iowait, irq,
// softirq and steal, of all processors together.
StolenTime::Ticks StolenTime::now() {
  constexpr int kFields = 8;
  std::ifstream stat("/proc/stat");
  std::string name;
  stat >> name;
  Ticks ticks;
  for (int i = 0; i < kFields; ++i) {
    std::uint64_t field = 0;
    stat >> field;
    ticks.all += field;
    if (i + 1 == kFields) ticks.stolen = field;
  }
  return ticks;
}

}  // namespace cc::bench
