#pragma once
// `sessions.list` read page by page into one list. The list moves while it is read: a session that
// becomes active jumps to the front and pushes another across the border of a page. So a reading is
// only complete when the total stood still and as many different keys were seen as it says.

#include <cstdint>
#include <optional>
#include <string>

#include <boost/unordered/unordered_flat_map.hpp>

#include "gateway/protocol/interpret.h"

namespace cc::gateway {

/// Pure. One object for one reading from the first page to the last.
class SessionsReading {
 public:
  using Page = protocol::Interpreter::SessionsPage;

  /// `refused` rows of the page could not be understood and count as seen.
  void add(Page page, std::size_t refused);

  /// Where the next page starts; empty when the last one was read.
  [[nodiscard]] std::optional<std::int64_t> next_offset() const { return next_; }
  /// Whether every session of the gateway is in it.
  [[nodiscard]] bool complete() const;
  [[nodiscard]] fleet::SessionList take();

 private:
  void reserve_for(const Page& page);

  fleet::SessionList list_;
  boost::unordered_flat_map<std::string_view, std::size_t> place_;
  std::optional<std::int64_t> total_;
  std::optional<std::int64_t> next_;
  std::size_t refused_ = 0;
  std::size_t pages_ = 0;
  bool steady_ = true;
};

}  // namespace cc::gateway
