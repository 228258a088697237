#include "bench/load/wire.h"

#include <charconv>
#include <stdexcept>

#include <fmt/format.h>

namespace cc::bench {
namespace {

constexpr std::string_view kNumber = R"({"n":)";
constexpr std::size_t kDigits = 10;

[[noreturn]] void broken(std::string_view bytes) {
  throw std::runtime_error("a reader got bytes that are no block: " +
                           std::string(bytes.substr(0, 48)));
}

/// The number after the last '-' of a cursor.
std::uint64_t number_of(std::string_view cursor) {
  const auto dash = cursor.rfind('-');
  std::uint64_t number = 0;
  const std::string_view digits = cursor.substr(dash == std::string_view::npos ? 0 : dash + 1);
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (dash == std::string_view::npos || read.ec != std::errc()) broken(cursor);
  return number;
}

std::optional<Block> read_chunk(std::string_view bytes) {
  std::size_t size = 0;
  const auto read = std::from_chars(bytes.data(), bytes.data() + bytes.size(), size, 16);
  const auto digits = static_cast<std::size_t>(read.ptr - bytes.data());
  if (bytes.size() < digits + 2) return std::nullopt;
  if (digits == 0 || bytes.substr(digits, 2) != "\r\n") broken(bytes);
  if (size == 0) throw std::runtime_error("the server ended the stream");
  const Block block{.size = digits + 2 + size + 2, .number = 0};
  const std::string_view content = bytes.substr(digits + 2);
  if (content.size() < std::min(size, kLongestHead - 16)) return std::nullopt;
  if (!content.starts_with("id: ")) return block;
  const auto end = content.find('\n');
  if (end == std::string_view::npos) broken(bytes);
  if (content.substr(end).starts_with("\nevent: reset")) {
    throw std::runtime_error("a reader was sent a reset");
  }
  return Block{block.size, number_of(content.substr(4, end - 4))};
}

std::optional<Block> read_plain(std::size_t payload, std::string_view bytes) {
  if (bytes.starts_with(':')) {
    const auto end = bytes.find("\n\n");
    if (end == std::string_view::npos) return std::nullopt;
    return Block{.size = end + 2, .number = 0};
  }
  const auto data = bytes.find("\ndata: ");
  const std::size_t begin = data + 7;
  if (data == std::string_view::npos || bytes.size() < begin + kNumber.size() + kDigits) {
    if (bytes.size() >= kLongestHead) broken(bytes);
    return std::nullopt;
  }
  std::uint64_t number = 0;
  const char* digits = bytes.data() + begin + kNumber.size();
  const auto read = std::from_chars(digits, digits + kDigits, number);
  if (bytes.substr(begin, kNumber.size()) != kNumber || read.ec != std::errc()) broken(bytes);
  return Block{.size = begin + payload + 2, .number = number};
}

}  // namespace

std::optional<Block> read_block(Wire wire, std::size_t payload, std::string_view bytes) {
  return wire == Wire::kChunked ? read_chunk(bytes) : read_plain(payload, bytes);
}

void append_numbered(std::string& out, std::uint64_t number, std::size_t payload) {
  const std::size_t begin = out.size();
  fmt::format_to(std::back_inserter(out), R"({}{:0{}},"x":")", kNumber, number, kDigits);
  out.append(payload - (out.size() - begin) - 2, 'x').append("\"}");
}

}  // namespace cc::bench
