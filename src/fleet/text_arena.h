#pragma once
// An arena for the texts of an observation. One string per text would be ten allocations per row,
// made by the reading thread and freed by the merging one, which is what allocators are slowest at.

#include <algorithm>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace cc::fleet {

/// Copies share what is kept, which is never written again. A view stays good as long as the
/// TextArena that answered it or a copy of it. One thread at a time.
class TextArena {
 public:
  /// Has room for `expected` bytes in the first block.
  explicit TextArena(std::size_t expected = kBlockBytes) : next_block_(expected) {}

  [[nodiscard]] std::string_view keep(std::string_view text) {
    if (text.size() > left_) begin_block(text.size());
    std::memcpy(free_, text.data(), text.size());
    const std::string_view kept(free_, text.size());
    free_ += text.size();
    left_ -= text.size();
    return kept;
  }

  /// Of its blocks.
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

  TextArena(const TextArena& other)
      : blocks_(other.blocks_), bytes_(other.bytes_) {}  // a copy never fills the other's block
  TextArena& operator=(const TextArena& other) { return *this = TextArena(other); }
  TextArena(TextArena&& other) noexcept
      : blocks_(std::move(other.blocks_)),
        bytes_(std::exchange(other.bytes_, 0)),
        free_(std::exchange(other.free_, nullptr)),
        left_(std::exchange(other.left_, 0)),
        next_block_(std::exchange(other.next_block_, kBlockBytes)) {}
  TextArena& operator=(TextArena&& other) noexcept {
    blocks_ = std::move(other.blocks_);
    bytes_ = std::exchange(other.bytes_, 0);
    free_ = std::exchange(other.free_, nullptr);
    left_ = std::exchange(other.left_, 0);
    next_block_ = std::exchange(other.next_block_, kBlockBytes);
    return *this;
  }
  ~TextArena() = default;

 private:
  static constexpr std::size_t kBlockBytes = 4096;

  void begin_block(std::size_t least) {
    left_ = std::max(std::exchange(next_block_, kBlockBytes), least);
    bytes_ += left_;
    free_ = blocks_.emplace_back(std::make_shared_for_overwrite<char[]>(left_)).get();
  }

  std::vector<std::shared_ptr<char[]>> blocks_;
  std::size_t bytes_ = 0;
  char* free_ = nullptr;
  std::size_t left_ = 0;
  std::size_t next_block_ = kBlockBytes;
};

}  // namespace cc::fleet
