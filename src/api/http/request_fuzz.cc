// What a client sends: one head and what follows it, read as a connection reads it, and held
// against a second, stricter reading of how long the body is. Two programs that disagree about that
// are what request smuggling lives on.

#include <boost/asio/buffer.hpp>
#include <boost/beast/http.hpp>

#include "api/http/head.h"
#include "api/http/json_body.h"
#include "api/http/request.h"
#include "api/http/response.h"
#include "api/http/target.h"
#include "api/http/wire.h"
#include "api/server/limits.h"
#include "base/text.h"
#include "fuzzing.h"
#include "net/body_reader.h"

namespace cc::api {
namespace {

namespace http = boost::beast::http;
using fuzzing::must;
using Parser = http::request_parser<http::string_body>;

// Small, so that the fuzzer reaches them.
constexpr net::MessageLimits kBodyLimits{.head_bytes = 256, .body_bytes = 1024};
// Of trailers: each has two bytes of them for at least one of its own.
constexpr std::size_t kLineEnds = 2 * kBodyLimits.head_bytes + 16;

/// How the lines of a head, without any leniency, say that the body ends.
struct StrictFraming {
  int lengths = 0;
  int encodings = 0;
  std::string length;

  explicit StrictFraming(std::string_view head) {
    while (!head.empty()) {
      const auto end = head.find("\r\n");
      note(head.substr(0, end));
      head.remove_prefix(end == std::string_view::npos ? head.size() : end + 2);
    }
  }
  void note(std::string_view line) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return;
    if (same_word(line.substr(0, colon), "content-length")) {
      ++lengths;
      length = line.substr(colon + 1);
      std::erase_if(length, [](char c) { return c == ' ' || c == '\t'; });
    }
    encodings += same_word(line.substr(0, colon), "transfer-encoding") ? 1 : 0;
  }
};

void check_framing(std::string_view head, const Parser& parser) {
  const StrictFraming said(head);
  must(said.lengths + said.encodings <= 1, "a body whose length is said twice");
  must(parser.chunked() == (said.encodings == 1), "chunked, to one reader alone");
  const auto length = parser.content_length();
  must(length.has_value() == (said.lengths == 1), "a length, to one reader alone");
  if (length) must(std::stoull(said.length) == *length, "two lengths");
}

void check_target(std::string_view text) {
  const auto target = parse_target(text);
  if (!target) return;
  must(!target->path.empty(), "a path without a part");
  for (const auto& part : target->path) must(is_utf8(part), "a path that is no text");
  for (const auto& [name, value] : target->query) {
    must(is_utf8(name) && is_utf8(value), "a parameter that is no text");
    must(!split_list(value).empty(), "a list without an item");
  }
}

void check_headers(const Parser& parser) {
  Response response{.status = 200};
  for (const auto& field : parser.get()) {
    response.headers.push_back({"X-Echo", std::string(field.value())});
  }
  const auto head = response_head(response, {}, 0);
  must(find_head_end(head).size == head.size(), "a value that ends the head of an answer");
}

/// The body that follows, whole and in two pieces: the same body, the same bytes, and no more kept
/// than the limits let.
void check_body(std::string_view bytes, net::BodyReader reader) {
  const net::MessageLimits limits = kBodyLimits;
  auto halved = reader;
  const auto taken = reader.take(bytes);
  const auto half = bytes.size() / 2;
  const auto first = halved.take(bytes.substr(0, half));
  const auto both = first < half ? first : first + halved.take(bytes.substr(half));
  must(taken <= bytes.size(), "more taken than there was");
  must(taken == both && reader.fault() == halved.fault(), "pieces that are read otherwise");
  must(reader.done() == halved.done() && reader.body() == halved.body(), "another body");
  must(reader.body().size() <= limits.body_bytes, "a body beyond its limit");
  if (reader.fault() || reader.done()) return;
  must(taken == bytes.size(), "what is left lying");
  // Digits and line ends around each byte of the body, and what is bounded as a whole.
  must(taken <= 21 * (reader.body().size() + 1) + limits.head_bytes + kLineEnds,
       "frames without end");
}

void read(std::string_view bytes) {
  const HeadEnd end = find_head_end(bytes);
  if (end.kind != HeadEnd::Kind::kComplete || end.size > Limits().head_bytes) return;
  const auto head = bytes.substr(0, end.size);
  if (find_head_fault(head)) return;
  Parser parser;
  parser.header_limit(static_cast<std::uint32_t>(Limits().head_bytes));
  parser.body_limit(boost::none);
  boost::beast::error_code error;
  parser.put(boost::asio::buffer(head.data(), head.size()), error);
  if (error || !parser.is_header_done()) return;
  check_framing(head, parser);
  check_target({parser.get().target().data(), parser.get().target().size()});
  check_headers(parser);
  const auto rest = bytes.substr(end.size);
  if (parser.chunked()) check_body(rest, net::BodyReader::chunked(kBodyLimits));
  if (const auto length = parser.content_length()) {
    check_body(rest, net::BodyReader::of_length(*length, kBodyLimits));
  }
}

}  // namespace
}  // namespace cc::api

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = cc::fuzzing::text_of(data, size);
  cc::api::read(bytes);
  // A head that is not whole yet must not be judged otherwise once more has come.
  const auto half = cc::api::find_head_end(bytes.substr(0, size / 2));
  if (half.kind == cc::api::HeadEnd::Kind::kComplete) {
    cc::fuzzing::must(cc::api::find_head_end(bytes).size == half.size, "the head grew");
  }
  cc::api::check_body(bytes, cc::net::BodyReader::chunked(cc::api::kBodyLimits));
  std::ignore = cc::api::JsonBody::parse(bytes, {"token", "name", "role", "expiresAt"});
  return 0;
}
