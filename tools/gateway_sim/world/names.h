#pragma once
// The words a fleet is made of.

#include <cstddef>
#include <string>

#include "gateway_sim/world/rng.h"

namespace cc::sim {

struct ModelName {
  const char* provider;
  const char* model;
  double usd_per_million_in;
  double usd_per_million_out;
};

struct AgentName {
  std::string id;
  std::string name;
  std::string emoji;
};

/// The first is "main"; beyond the list's end the names come round again with a number.
[[nodiscard]] AgentName agent_name(std::size_t place);
[[nodiscard]] const ModelName& model_name(Rng& rng);
[[nodiscard]] const ModelName& model_called(const std::string& model);
[[nodiscard]] std::string session_title(Rng& rng);
/// Markup, quotes, text that runs right to left, characters out of many planes, and some that are
/// very long.
[[nodiscard]] std::string hostile_title(Rng& rng);
/// The n-th part of an answer, with its leading space; comes round.
[[nodiscard]] std::string_view answer_piece(std::size_t place);
[[nodiscard]] std::string error_text(Rng& rng);
[[nodiscard]] std::string shell_command(Rng& rng);

}  // namespace cc::sim
