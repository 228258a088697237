// Power that goes at every sync of a run of 500 events, and at moments that the seed chooses:
// `powerloss [--count N] [--seed S]`. No database breaks, in `full` nothing that was reported is
// lost, and no number is ever given twice in one epoch.

#include <array>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <string_view>

#include "machine.h"

namespace cc::powerloss {
namespace {

using store::Durability;

constexpr std::size_t kEvents = 500;

struct Named {
  std::string_view name;
  Damage damage;
};
constexpr std::array kDamages{
    Named{"all of it lost", {0, 0}},
    Named{"torn", {50, 0}},
    Named{"torn and garbled", {40, 30}},
};

struct Options {
  std::uint64_t count = 400;  // half of them in each durability
  std::uint64_t seed = static_cast<std::uint64_t>(std::time(nullptr)) % 1'000'000;
};

struct Tally {
  int passed = 0;
  int failed = 0;
  std::uint64_t losses = 0;
  std::uint64_t events = 0;
};

/// One named check; `body` throws Broken with what does not hold.
template <class Body>
void check(Tally& tally, const std::string& name, Body&& body) {
  const auto begun = std::chrono::steady_clock::now();
  try {
    body();
    ++tally.passed;
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
    std::cout << "  ok    " << name << " (" << took.count() << " s)" << std::endl;
  } catch (const Broken& broken) {
    ++tally.failed;
    std::cout << "  FAIL  " << name << ": " << broken.what() << std::endl;
  }
}

void lose_at_sync(Tally& tally, Durability durability, std::uint64_t seed, std::uint64_t sync,
                  const Named& damage) {
  try {
    Machine machine(durability, seed);
    machine.live(kEvents, {.sync = sync}, damage.damage, true);
    machine.check();
    ++tally.losses;
    tally.events += machine.acknowledged();
  } catch (const Broken& broken) {
    throw Broken("at sync " + std::to_string(sync) + ", " + std::string(damage.name) + ": " +
                 broken.what());
  }
}

/// Returns how many syncs there were. One more: the power goes right after a clean stop.
std::uint64_t lose_at_every_sync(Tally& tally, Durability durability, std::uint64_t seed) {
  Machine undisturbed(durability, seed);
  const std::uint64_t syncs = undisturbed.live(kEvents, {}, {100, 0}, true).syncs;
  undisturbed.check();
  for (std::uint64_t sync = 1; sync <= syncs + 1; ++sync) {
    for (const Named& damage : kDamages) lose_at_sync(tally, durability, seed, sync, damage);
  }
  return syncs;
}

/// One to three lives after each other, each of which ends at some write: also while it recovers.
void lose_at_random(Tally& tally, Durability durability, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const std::size_t events = 20 + random() % kEvents;
  Machine machine(durability, seed);
  for (std::uint64_t life = 0, lives = 1 + random() % 3; life < lives; ++life) {
    const Damage damage{static_cast<unsigned>(random() % 101), static_cast<unsigned>(random() % 50),
                        random() % 5 == 0};
    machine.live(events, {.write = 1 + random() % (events * 6)}, damage, random() % 2 == 0);
    ++tally.losses;
  }
  machine.check();
  tally.events += machine.acknowledged();
}

void lose_at_random_moments(Tally& tally, Durability durability, const Options& options) {
  for (std::uint64_t i = 0; i < (options.count + 1) / 2; ++i) {
    const std::uint64_t seed = options.seed + i;
    try {
      lose_at_random(tally, durability, seed);
    } catch (const Broken& broken) {
      throw Broken(std::string(broken.what()) +
                   "\n        again: ./dev test powerloss --count 1 --seed " +
                   std::to_string(seed));
    }
  }
}

std::uint64_t number(std::string_view name, const char* text) {
  char* end = nullptr;
  const auto value = text == nullptr ? 0 : std::strtoull(text, &end, 10);
  if (text == nullptr || end == text || *end != '\0') {
    std::cerr << name << " wants a whole number\n";
    std::exit(2);
  }
  return value;
}

Options read_options(std::span<char*> arguments) {
  Options options;
  for (std::size_t i = 1; i < arguments.size(); i += 2) {
    const std::string_view name = arguments[i];
    const char* value = i + 1 < arguments.size() ? arguments[i + 1] : nullptr;
    if (name == "--count") {
      options.count = number(name, value);
    } else if (name == "--seed") {
      options.seed = number(name, value);
    } else {
      std::cerr << "usage: powerloss [--count N] [--seed S]\n";
      std::exit(2);
    }
  }
  return options;
}

int run(const Options& options) {
  std::cout << "powerloss: every sync of a run of " << kEvents << " events, and " << options.count
            << " random moments, seed " << options.seed << std::endl;
  Tally tally;
  std::uint64_t syncs = 0;
  check(tally, "full: at every sync nothing that was reported is lost",
        [&] { syncs += lose_at_every_sync(tally, Durability::kFull, options.seed); });
  check(tally, "relaxed: at every sync a new epoch where numbers may be lost",
        [&] { syncs += lose_at_every_sync(tally, Durability::kRelaxed, options.seed); });
  check(tally, "full: at random moments nothing that was reported is lost",
        [&] { lose_at_random_moments(tally, Durability::kFull, options); });
  check(tally, "relaxed: at random moments a new epoch where numbers may be lost",
        [&] { lose_at_random_moments(tally, Durability::kRelaxed, options); });
  std::cout << "  seen: " << tally.losses << " losses of power, at " << syncs
            << " sync points and at " << 2 * ((options.count + 1) / 2)
            << " sequences of random moments; "
            << (tally.failed > 0 ? "see above" : "no database broken, no promise either") << "\n"
            << tally.passed << " passed, " << tally.failed << " failed" << std::endl;
  return tally.failed > 0 ? 1 : 0;
}

}  // namespace
}  // namespace cc::powerloss

int main(int count, char** arguments) {
  return cc::powerloss::run(
      cc::powerloss::read_options({arguments, static_cast<std::size_t>(count)}));
}
