#pragma once
// A response as plain values. The connection turns it into bytes.

#include <cstdint>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "api/http/request.h"

namespace cc::api {

/// A file that is sent in pieces. It is unlinked already: closing it frees its space.
struct FileBody {
  std::shared_ptr<std::ifstream> file;
  std::uintmax_t size = 0;
};

/// Text of our own that lives as long as the program.
using StaticBody = std::string_view;

/// Somebody else writes it, and nobody knows its length.
struct OpenBody {};

using Body = std::variant<std::string, StaticBody, FileBody, OpenBody>;

struct Response {
  int status = 200;
  std::vector<Header> headers;
  Body body;

  Response& with(std::string name, std::string value) {
    headers.push_back({std::move(name), std::move(value)});
    return *this;
  }
};

[[nodiscard]] Response json_response(std::string body, int status = 200);
[[nodiscard]] Response no_content();
[[nodiscard]] std::string_view reason_phrase(int status);

/// A member of a problem beside the usual four: a text, or null.
using ProblemMember = std::pair<std::string_view, std::optional<std::string_view>>;

/// An error as RFC 9457 has it. `detail` never repeats what was sent unless that is known to be
/// valid UTF-8.
[[nodiscard]] Response problem(int status, std::string_view detail,
                               std::initializer_list<ProblemMember> extra = {});

}  // namespace cc::api
