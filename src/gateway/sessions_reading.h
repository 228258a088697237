#pragma once
// `sessions.list` read page by page into one list, which moves while it is read: the gateway sorts
// by the latest activity, so whoever becomes active jumps to the front, and whoever is deleted lets
// all behind it slip forward, across the border of a page that was read. Events tell of both. So a
// page is asked for early enough that nothing slips past it, and a reading is complete when pages
// and events together name as many sessions as the gateway says there are.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/unordered/unordered_flat_map.hpp>

#include "gateway/protocol/interpret.h"

namespace cc::gateway {

/// Pure. One object for one reading from the first page to the last.
class SessionsReading {
 public:
  using Page = protocol::Interpreter::SessionsPage;

  /// `refused` rows of the page could not be understood and count as seen.
  void add(Page page, std::size_t refused);

  /// An event told of this session between two pages: that it is there, or that it was deleted.
  void told(std::string_view key, bool exists);

  /// Where the next page starts; empty when the last one was read.
  [[nodiscard]] std::optional<std::int64_t> next_offset() const { return next_; }
  /// Whether every session of the gateway is in it, or was told of.
  [[nodiscard]] bool complete() const;
  [[nodiscard]] fleet::SessionList take();

 private:
  void reserve_for(const Page& page);
  void move_on(const Page& page);
  void give_up();
  [[nodiscard]] std::int64_t named() const;

  fleet::SessionList list_;
  boost::unordered_flat_map<std::string_view, std::size_t> place_;
  boost::unordered_flat_map<std::string, bool> told_;
  std::optional<std::int64_t> total_;
  std::optional<std::int64_t> next_ = 0;
  std::int64_t unseen_ = 0;  // no session in front of this place was missed
  std::int64_t gone_ = 0;    // deleted since the latest page
  std::int64_t margin_ = 0;  // how far in front of it a page is asked for
  std::size_t refused_ = 0;
  std::size_t pages_ = 0;
  bool sane_ = true;
};

}  // namespace cc::gateway
