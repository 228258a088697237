#include "gateway/protocol/document.h"

#include "gateway/protocol/frame.h"
#include "gateway/protocol/repair.h"

namespace cc::gateway::protocol {
namespace {

using simdjson::dom::element;

constexpr std::size_t kMaxDepth = 128;
constexpr std::size_t kFirstBytes = 64 * 1024;
constexpr std::size_t kUsualBytes =
    1024 * 1024;  // a parser that grew beyond is not kept for small texts

bool repairable(simdjson::error_code error) {
  switch (error) {
    case simdjson::UTF8_ERROR:
    case simdjson::STRING_ERROR:
    case simdjson::UNESCAPED_CHARS:
    case simdjson::NUMBER_ERROR:
    case simdjson::TAPE_ERROR: return true;
    default: return false;
  }
}

Error failure(simdjson::error_code error) {
  const bool too_large = error == simdjson::DEPTH_ERROR || error == simdjson::CAPACITY;
  return {too_large ? ErrorCode::kTooLarge : ErrorCode::kInvalid,
          std::string("the text cannot be read as JSON: ") + simdjson::error_message(error)};
}

}  // namespace

Document::Document() {
  reset();
}

void Document::reset() {
  parser_ = std::make_unique<simdjson::dom::parser>(kMaxFrameBytes);
  // Fails only without memory, which the next parse reports as well.
  std::ignore = parser_->allocate(kFirstBytes, kMaxDepth);
}

Result<element> Document::parse(std::string_view text, std::size_t readable_after) {
  if (text.size() > kMaxFrameBytes) {
    return fail(ErrorCode::kTooLarge, "a text of " + std::to_string(text.size()) + " bytes");
  }
  if (parser_->capacity() > kUsualBytes && text.size() <= kUsualBytes) reset();
  element root;
  const bool copy = readable_after < simdjson::SIMDJSON_PADDING;
  auto error = parser_->parse(text.data(), text.size(), copy).get(root);
  if (repairable(error)) {
    // Within the bound of the parser, so a text that grew too much is skipped.
    const std::string repaired = repair(text);
    error = parser_->parse(repaired.data(), repaired.size()).get(root);
  }
  if (error != simdjson::SUCCESS) return std::unexpected(failure(error));
  return root;
}

}  // namespace cc::gateway::protocol
