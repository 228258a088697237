#pragma once
// How an entry stands in the bytes that a reader gets. A reader must know where it ends and which
// one it is, at a cost that does not count beside the server's.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cc::bench {

struct Block {
  std::size_t size = 0;
  std::uint64_t number = 0;  // 0: no entry (comment, bookmark)
};

enum class Wire {
  kChunked,  // an HTTP chunk per block, as Control Center sends; the number is that of the cursor
  kPlain,    // bare blocks, as nchan sends; the number stands at the beginning of the data
};

/// Reads the beginning of a block; empty where more bytes are needed. `payload`: bytes of the data
/// of an entry (kPlain). Throws std::runtime_error where this is no block, which is what a reader
/// finds that lost or doubled a byte.
[[nodiscard]] std::optional<Block> read_block(Wire wire, std::size_t payload,
                                              std::string_view bytes);

/// No beginning of a block is longer.
inline constexpr std::size_t kLongestHead = 96;

/// `payload` bytes of data that begin as kPlain reads them.
void append_numbered(std::string& out, std::uint64_t number, std::size_t payload);

}  // namespace cc::bench
