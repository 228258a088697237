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

}  // namespace

// Gateways and servers wrote parts of it, hence the cleaning.
void Findings::add(const Finding& finding) {
  failed_ = failed_ || finding.level == Finding::Level::kFail;
  out_ << word(finding.level) << ' ' << clean_text(finding.subject) << ": "
       << clean_text(finding.sentence);
  if (!finding.action.empty()) out_ << " — " << clean_text(finding.action);
  out_ << std::endl;
}

}  // namespace cc::app
