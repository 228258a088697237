#pragma once
// Server-sent events as bytes, and HTTP chunks around them. Each block is whole: it begins at a
// line's start and ends with the blank line that makes a client dispatch it.

#include <chrono>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace cc::stream {

/// `data` may hold line ends (each becomes a `data:` line); `id` and `event` must not.
void append_event(std::string& out, std::string_view id, std::string_view event,
                  std::string_view data);

/// `append_event` in three steps: the head, then data without line ends written in place, then
/// kEventEnd.
void append_event_head(std::string& out, std::string_view id, std::string_view event);
inline constexpr std::string_view kEventEnd = "\n\n";

/// Moves a client's cursor and dispatches no event. It contains a comment, so it is also a
/// heartbeat: it tells the time `now`.
void append_bookmark(std::string& out, std::string_view id, TimeMs now);

void append_comment(std::string& out, std::string_view text);

/// A comment that tells our time, so that a client can work out how far off its own clock is.
void append_heartbeat(std::string& out, TimeMs now);

/// The beginning of every stream: the reconnect delay, and a comment.
void append_opening(std::string& out, Millis retry);

/// `reset` with its reason; its id is the cursor that the stream goes on from.
void append_reset(std::string& out, std::string_view reason, std::string_view cursor);

/// `content` (not empty) as one chunk of HTTP/1.1.
void append_chunk(std::string& out, std::string_view content);
/// `append_chunk` in three steps: the head for `size` bytes of content (its length is returned),
/// then the content, then kChunkEnd.
std::size_t append_chunk_head(std::string& out, std::size_t size);
inline constexpr std::string_view kChunkEnd = "\r\n";

/// Ends a chunked body.
inline constexpr std::string_view kLastChunk = "0\r\n\r\n";

}  // namespace cc::stream
