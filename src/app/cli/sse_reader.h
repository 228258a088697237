#pragma once
// Server-sent events, read from bytes as they come (HTML standard, "Parsing an event stream").

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace cc::app {

struct SseEvent {
  std::string event;  // "message" where the stream does not say
  std::string data;
};

class SseReader {
 public:
  using Take = std::function<void(const SseEvent& event)>;

  /// `take` is called for each event, within `feed`.
  explicit SseReader(Take take) : take_(std::move(take)) {}

  /// False where a line passes the limit: this is no stream of ours.
  [[nodiscard]] bool feed(std::string_view bytes);
  /// Of the latest block that had one, an id-only block included; empty: none yet.
  [[nodiscard]] const std::string& last_id() const { return last_id_; }
  /// What the server asked readers to wait before they come back.
  [[nodiscard]] std::optional<Millis> retry() const { return retry_; }
  /// A new connection: what was cut off is forgotten, the last id is not.
  void reconnect();

 private:
  static constexpr std::size_t kMaxLineBytes = std::size_t{4} << 20U;

  void line(std::string_view text);
  void field(std::string_view name, std::string_view value);
  void dispatch();

  Take take_;
  std::string pending_;
  bool after_return_ = false;  // the last byte was a CR: a LF right after it belongs to it
  SseEvent event_;
  std::optional<std::string> id_;
  std::string last_id_;
  std::optional<Millis> retry_;
};

}  // namespace cc::app
