#pragma once
// When a refusal is believed, by the WebSocket and by REST alike. A proxy that restarts gives a
// 404, a 401 or a page of its own among good answers, and a gateway may refuse before it has read
// its configuration.

namespace cc::gateway {

/// Pure. One per source.
class Doubt {
 public:
  /// So many odd answers in a row are a conclusion about what was good before. What never was good
  /// is believed at once.
  static constexpr int kEnough = 3;

  /// An answer was good: the next odd ones are doubted.
  void good() { to_doubt_ = kEnough - 1; }
  /// An answer was odd. Whether to believe it.
  [[nodiscard]] bool believes() { return to_doubt_ == 0 || to_doubt_-- == 0; }

 private:
  int to_doubt_ = 0;
};

}  // namespace cc::gateway
