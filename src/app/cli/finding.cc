#include "app/cli/finding.h"

#include "base/text.h"

namespace cc::app {
namespace {

std::string_view word(Finding::Level level) {
  switch (level) {
    case Finding::Level::kOk: return "ok   ";
    case Finding::Level::kWarn: return "warn ";
    case Finding::Level::kFail: break;
  }
  return "fail ";
}

/// What terminals paint it with (ECMA-48, select graphic rendition).
std::string_view paint(Finding::Level level) {
  switch (level) {
    case Finding::Level::kOk: return "\x1b[32m";
    case Finding::Level::kWarn: return "\x1b[33m";
    case Finding::Level::kFail: break;
  }
  return "\x1b[1;31m";
}

}  // namespace

// Gateways and servers wrote parts of it, hence the cleaning.
void Findings::add(const Finding& finding) {
  failed_ = failed_ || finding.level == Finding::Level::kFail;
  if (colour_) out_ << paint(finding.level);
  out_ << word(finding.level);
  if (colour_) out_ << "\x1b[0m";
  out_ << ' ' << clean_text(finding.subject) << ": " << clean_text(finding.sentence);
  if (!finding.action.empty()) out_ << " — " << clean_text(finding.action);
  out_ << std::endl;
}

}  // namespace cc::app
