#include "api/http/head.h"

#include <algorithm>

#include "api/http/blanks.h"
#include "api/http/request.h"

namespace cc::api {
namespace {

constexpr std::string_view kLineEnd = "\r\n";

bool has_control(std::string_view line) {
  return std::ranges::any_of(line, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7F;
  });
}

/// What the lines say about the length of the body.
struct BodyLength {
  int lengths = 0;
  int encodings = 0;
  bool length_is_number = true;
  bool chunked = true;

  void note(std::string_view line) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return;
    const std::string_view name = trimmed(line.substr(0, colon));
    const std::string_view value = trimmed(line.substr(colon + 1));
    if (same_word(name, "Content-Length")) {
      ++lengths;
      length_is_number = !value.empty() && value.size() <= 18 &&
                         value.find_first_not_of("0123456789") == std::string_view::npos;
    } else if (same_word(name, "Transfer-Encoding")) {
      ++encodings;
      chunked = same_word(value, "chunked");
    }
  }

  [[nodiscard]] std::optional<HeadFault> fault(std::string_view version) const {
    if (lengths > 0 && encodings > 0) {
      return HeadFault{400, "Content-Length and Transfer-Encoding must not stand together."};
    }
    if (lengths > 1 || encodings > 1)
      return HeadFault{400, "The length of the body is given twice."};
    if (!length_is_number) return HeadFault{400, "Content-Length must be a whole number."};
    if (!chunked) return HeadFault{501, "The only transfer encoding understood is chunked."};
    if (encodings > 0 && version == "HTTP/1.0") {
      return HeadFault{400, "HTTP/1.0 has no transfer encodings."};
    }
    return std::nullopt;
  }
};

std::optional<HeadFault> find_version_fault(std::string_view version) {
  if (version == "HTTP/1.1" || version == "HTTP/1.0") return std::nullopt;
  if (version.starts_with("HTTP/")) return HeadFault{505, "Only HTTP/1.1 and HTTP/1.0 are spoken."};
  return HeadFault{400, "The request line is malformed."};
}

std::string_view take_line(std::string_view& rest) {
  const std::string_view line = rest.substr(0, rest.find(kLineEnd));
  rest.remove_prefix(std::min(rest.size(), line.size() + kLineEnd.size()));
  return line;
}

}  // namespace

HeadEnd find_head_end(std::string_view arrived) {
  if (arrived.starts_with(kLineEnd)) return {HeadEnd::Kind::kMalformed, 0};
  for (std::size_t at = arrived.find('\n'); at != std::string_view::npos;
       at = arrived.find('\n', at + 1)) {
    if (at == 0 || arrived[at - 1] != '\r') return {HeadEnd::Kind::kMalformed, 0};
    if (arrived.substr(0, at + 1).ends_with("\r\n\r\n")) return {HeadEnd::Kind::kComplete, at + 1};
  }
  return {};
}

std::optional<HeadFault> find_head_fault(std::string_view head) {
  const std::string_view first = take_line(head);
  const std::string_view version = first.substr(std::min(first.size(), first.rfind(' ') + 1));
  if (has_control(first)) return HeadFault{400, "The request line holds a control character."};
  if (auto fault = find_version_fault(version)) return fault;
  BodyLength length;
  for (auto line = take_line(head); !line.empty(); line = take_line(head)) {
    if (line.front() == ' ' || line.front() == '\t')
      return HeadFault{400, "A header line is folded."};
    if (has_control(line)) return HeadFault{400, "A header line holds a control character."};
    length.note(line);
  }
  return length.fault(version);
}

}  // namespace cc::api
