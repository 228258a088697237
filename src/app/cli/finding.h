#pragma once
// A finding of `doctor`: how bad it is, what it is about, and what to do.

#include <ostream>
#include <string>
#include <vector>

namespace cc::app {

struct Finding {
  enum class Level { kOk, kWarn, kFail };
  Level level = Level::kOk;
  std::string subject;
  std::string sentence;
  std::string action = {};  // empty: nothing to be done
};

/// Prints each finding immediately, so that a slow check does not hide the earlier ones.
class Findings {
 public:
  explicit Findings(std::ostream& out, bool colour = false) : out_(out), colour_(colour) {}

  /// `ok    subject: sentence — what to do`
  void add(const Finding& finding);
  void ok(std::string subject, std::string sentence) {
    add({Finding::Level::kOk, std::move(subject), std::move(sentence)});
  }
  void warn(std::string subject, std::string sentence, std::string action = {}) {
    add({Finding::Level::kWarn, std::move(subject), std::move(sentence), std::move(action)});
  }
  void fail(std::string subject, std::string sentence, std::string action = {}) {
    add({Finding::Level::kFail, std::move(subject), std::move(sentence), std::move(action)});
  }
  [[nodiscard]] bool any_failed() const { return failed_; }

 private:
  std::ostream& out_;
  const bool colour_;
  bool failed_ = false;
};

}  // namespace cc::app
