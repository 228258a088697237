#include "stream/sse_encoder.h"

#include <array>
#include <charconv>
#include <utility>

#include "base/json_writer.h"

namespace cc::stream {
namespace {

void append_line(std::string& out, std::string_view field, std::string_view value) {
  out.append(field).append(": ").append(value).push_back('\n');
}

/// Takes the first line off `rest`. CR, LF and CRLF each end one, as clients see it.
std::string_view take_line(std::string_view& rest) {
  const auto end = rest.find_first_of("\r\n");
  if (end == std::string_view::npos) return std::exchange(rest, {});
  const auto line = rest.substr(0, end);
  const bool pair = rest.substr(end).starts_with("\r\n");
  rest.remove_prefix(end + (pair ? 2 : 1));
  return line;
}

bool has_line_end(std::string_view text) {
  return text.contains('\n') || text.contains('\r');
}

void append_data(std::string& out, std::string_view data) {
  if (!has_line_end(data)) return append_line(out, "data", data);
  const bool open_end = data.ends_with('\n') || data.ends_with('\r');
  while (!data.empty()) append_line(out, "data", take_line(data));
  if (open_end) append_line(out, "data", "");
}

std::string time_told(TimeMs now) {
  return "at " + std::to_string(now);
}

}  // namespace

void append_event(std::string& out, std::string_view id, std::string_view event,
                  std::string_view data) {
  append_line(out, "id", id);
  append_line(out, "event", event);
  append_data(out, data);
  out.push_back('\n');
}

void append_event_head(std::string& out, std::string_view id, std::string_view event) {
  append_line(out, "id", id);
  append_line(out, "event", event);
  out.append("data: ");
}

void append_bookmark(std::string& out, std::string_view id, TimeMs now) {
  append_line(out, "", time_told(now));
  append_line(out, "id", id);
  out.push_back('\n');
}

void append_comment(std::string& out, std::string_view text) {
  out.append(": ").append(text).append("\n\n");
}

void append_heartbeat(std::string& out, TimeMs now) {
  append_comment(out, time_told(now));
}

void append_opening(std::string& out, Millis retry) {
  append_line(out, "retry", std::to_string(retry.count()));
  append_comment(out, "welcome");
}

void append_reset(std::string& out, std::string_view reason, std::string_view cursor) {
  std::string data;
  JsonWriter(data).begin_object().field("reason", reason).field("cursor", cursor).end_object();
  append_event(out, cursor, "reset", data);
}

void append_chunk(std::string& out, std::string_view content) {
  append_chunk_head(out, content.size());
  out.append(content).append(kChunkEnd);
}

std::size_t append_chunk_head(std::string& out, std::size_t size) {
  std::array<char, 16> digits{};
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), size, 16);
  const auto length = static_cast<std::size_t>(end - digits.data());
  out.append(digits.data(), length).append("\r\n");
  return length + 2;
}

}  // namespace cc::stream
