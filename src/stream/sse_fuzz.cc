// The encoder against a parser that was written from the HTML standard, not from the encoder. What
// goes in must come out. The first input byte is a seed that says where the bytes are cut in two.
// Then come fields, separated by zero bytes.

#include <algorithm>

#include "base/json_writer.h"
#include "fuzzing.h"
#include "stream/encoded.h"
#include "stream/sse_encoder.h"
#include "stream/testing/sse_parser.h"

namespace cc::stream {
namespace {

using fuzzing::must;

/// A field that has to fit into one line: ids and kinds hold no line ends and no zero bytes.
std::string one_line(std::string_view text) {
  std::string line(text);
  std::erase_if(line, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
  return line;
}

/// A client sees each of CR, LF and CRLF as one LF.
std::string with_plain_line_ends(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
    plain += text[i] == '\r' ? '\n' : text[i];
  }
  return plain;
}

testing::SseParser parse(std::string_view bytes, std::size_t cut) {
  testing::SseParser parser;
  cut = std::min(cut, bytes.size());
  parser.feed(bytes.substr(0, cut));
  parser.feed(bytes.substr(cut));
  return parser;
}

void check_blocks(std::size_t cut, std::string_view id, std::string_view kind,
                  std::string_view data) {
  std::string out;
  append_opening(out, Millis(1234));
  append_event(out, id, kind, data);
  append_comment(out, one_line(data));
  append_bookmark(out, "zzzzzzzz-1", 1);
  append_reset(out, "epoch", "zzzzzzzz-2");
  const auto read = parse(out, cut);
  must(read.retry == "1234", "retry");
  must(read.last_event_id == "zzzzzzzz-2", "the last id");
  must(read.events.size() == 2, "as many events as were written");
  must(read.events.back().type == "reset", "reset");
  const auto& event = read.events.front();
  must(event.id == id, "id");
  must(event.type == (kind.empty() ? "message" : kind), "kind");
  must(event.data == with_plain_line_ends(data), "data");
}

/// An entry of the journal with untrusted text in it, as every reader gets it.
void check_entry(std::size_t cut, std::string_view text) {
  journal::Entry entry{.seq = 7, .at = 1, .gateway = "default", .body = {}};
  JsonWriter json(entry.body);
  json.begin_object().field("at", std::int64_t{1}).field("text", text).end_object();
  const auto encoded = encode_entries({&entry, 1}, *Epoch::parse("zzzzzzzz"));
  must(encoded.size() == 1, "one entry is one block");
  const auto read = parse(encoded.front().bytes(false), cut);
  must(read.events.size() == 1 && read.blocks == 1, "one entry is one event");
  must(read.last_event_id == "zzzzzzzz-7", "the id of an entry");
  must(read.events.front().data.find_first_of("\r\n") == std::string::npos, "data is one line");
}

}  // namespace
}  // namespace cc::stream

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  auto rest = cc::fuzzing::text_of(data + 1, size - 1);
  const std::size_t cut = data[0];
  const auto id = cc::stream::one_line(cc::fuzzing::take_until(rest, '\0'));
  const auto kind = cc::stream::one_line(cc::fuzzing::take_until(rest, '\0'));
  cc::stream::check_blocks(cut, id, kind, rest);
  cc::stream::check_entry(cut, rest);
  return 0;
}
