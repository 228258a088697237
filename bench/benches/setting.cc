#include "bench/benches/setting.h"

#include <array>

namespace cc::bench {
namespace {

constexpr std::array kBenches{
    Bench{"fanout", "readers of one stream, saturated", fanout},
    Bench{"fanout-unbatched", "the same at a steady 100,000 deliveries a second", fanout_unbatched},
    Bench{"latency", "from the gateway's frame to the reader's bytes", latency},
    Bench{"ingest", "from the gateway's WebSocket to the disk", ingest},
    Bench{"resync", "a gateway with many sessions comes back", resync},
    Bench{"replay", "a reader that missed a million entries", replay},
    Bench{"start", "exec to the first answer, with a large fleet", start},
    Bench{"rest", "questions about a large fleet", rest},
    Bench{"backup", "commits while a large database is copied", backup},
    Bench{"commands", "from a person's request to the gateway's socket", commands},
    Bench{"memory", "what sessions and readers cost", memory},
    Bench{"growth", "how costs grow with the size", growth},
};

}  // namespace

std::span<const Bench> all_benches() {
  return kBenches;
}

std::filesystem::path Setting::fresh(std::string_view name) const {
  const auto folder = scratch / name;
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  return folder;
}

}  // namespace cc::bench
