#include "app/cli/sse_reader.h"

#include "base/number.h"

namespace cc::app {

bool SseReader::feed(std::string_view bytes) {
  for (const char c : bytes) {
    const bool belongs_to_return = c == '\n' && after_return_;
    after_return_ = c == '\r';
    if (belongs_to_return) continue;
    if (c == '\n' || c == '\r') {
      line(pending_);
      pending_.clear();
    } else if (pending_.size() < kMaxLineBytes) {
      pending_ += c;
    } else {
      return false;
    }
  }
  return true;
}

void SseReader::reconnect() {
  pending_.clear();
  after_return_ = false;
  event_ = {};
  id_.reset();
}

void SseReader::line(std::string_view text) {
  if (text.empty()) return dispatch();
  const auto colon = text.find(':');
  if (colon == 0) return;  // a comment
  auto value = colon == std::string_view::npos ? std::string_view{} : text.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  field(text.substr(0, colon), value);
}

void SseReader::field(std::string_view name, std::string_view value) {
  if (name == "data") {
    event_.data.append(value) += '\n';
  } else if (name == "event") {
    event_.event = value;
  } else if (name == "id" && value.find('\0') == std::string_view::npos) {
    id_ = value;
  } else if (name == "retry") {
    const auto number = number_in<std::int64_t>(value);
    if (number && *number >= 0) retry_ = Millis(*number);
  }
}

// The place moves on only once its event was taken: a crash in between repeats it rather than
// losing it.
void SseReader::dispatch() {
  if (!event_.data.empty()) {
    event_.data.pop_back();
    if (event_.event.empty()) event_.event = "message";
    take_(event_);
  }
  event_ = {};
  if (id_) last_id_ = std::move(*id_);
  id_.reset();
}

}  // namespace cc::app
