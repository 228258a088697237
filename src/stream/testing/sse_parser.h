#pragma once
// Reads an event stream as the HTML standard says ("Interpreting an event stream"), byte by byte.
// Written without a look at the encoder, so that the two can disagree.

#include <string>
#include <string_view>
#include <vector>

namespace cc::stream::testing {

struct SseEvent {
  std::string id;  // the last event id at the time
  std::string type;
  std::string data;
};

class SseParser {
 public:
  void feed(std::string_view bytes) {
    for (const char c : bytes) feed(c);
  }

  std::vector<SseEvent> events;
  std::vector<std::string> comments;
  std::string last_event_id;
  std::string retry;
  std::size_t blocks = 0;  // blank lines

 private:
  void feed(char c) {
    const bool second_of_pair = c == '\n' && after_cr_;
    after_cr_ = c == '\r';
    if (second_of_pair) return;
    if (c != '\r' && c != '\n') return line_.push_back(c);
    if (first_line_ && line_.starts_with("\xEF\xBB\xBF")) line_.erase(0, 3);
    first_line_ = false;
    end_line();
    line_.clear();
  }

  void end_line() {
    if (line_.empty()) return dispatch();
    const auto colon = line_.find(':');
    if (colon == 0) return comments.push_back(line_.substr(1));
    const auto field = line_.substr(0, colon);
    auto value = colon == std::string::npos ? std::string() : line_.substr(colon + 1);
    if (value.starts_with(' ')) value.erase(0, 1);
    take(field, value);
  }

  void take(const std::string& field, const std::string& value) {
    if (field == "event") type_ = value;
    if (field == "data") data_ += value + '\n';
    if (field == "id" && value.find('\0') == std::string::npos) id_ = value;
    if (field == "retry" && value.find_first_not_of("0123456789") == std::string::npos)
      retry = value;
  }

  void dispatch() {
    ++blocks;
    last_event_id = id_;
    if (!data_.empty()) {
      data_.pop_back();
      events.push_back({last_event_id, type_.empty() ? "message" : type_, data_});
    }
    data_.clear();
    type_.clear();
  }

  std::string line_;
  std::string id_;
  std::string type_;
  std::string data_;
  bool after_cr_ = false;
  bool first_line_ = true;
};

}  // namespace cc::stream::testing
