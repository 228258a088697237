#pragma once
// Reads `sessions.list` page by page while it changes. The gateway sorts by latest activity: a
// session that becomes active jumps to the front, and a deleted one lets all behind it move
// forward, perhaps into a page that was already read. Events tell of both. So each page is
// requested with some overlap, and the listing is complete when pages and events together name as
// many sessions as the gateway counts.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>

#include "gateway/protocol/interpret.h"
#include "gateway/protocol/page_filter.h"
#include "gateway/reading/known_rows.h"

namespace cc::gateway {

/// Pure. One object per listing. It keeps hashes of the keys that it has seen; the rows themselves
/// are passed on page by page.
class SessionsListing {
 public:
  using Page = protocol::Interpreter::SessionsPage;

  /// `known`: rows that need not be read again; null: all are read. Must outlive it.
  explicit SessionsListing(KnownRows* known = nullptr) : known_(known) {}

  /// The frame that is to be parsed next, without the rows of a page that are known. They count as
  /// rows of the page that is added next. Valid until the next call.
  [[nodiscard]] protocol::FrameText without_known_rows(protocol::FrameText frame);

  /// `skipped` rows of the page could not be understood and count as seen. Answers the page's rows,
  /// but for those that an event told before has overtaken; with the last page, all others as well.
  [[nodiscard]] fleet::SessionList add(Page page, std::size_t skipped);

  /// Events between two pages, in order. Others are ignored.
  void told(const fleet::SessionChanged& changed);
  void told(const fleet::SessionDeleted& deleted);

  /// Where the next page starts; empty when the last one was read.
  [[nodiscard]] std::optional<std::int64_t> next_offset() const { return next_; }
  /// Whether pages and events together named every session of the gateway.
  [[nodiscard]] bool complete() const;

 private:
  /// What the latest event said of a session.
  struct Told {
    bool exists = true;
    std::optional<std::string> session_id;  // of a delete: which generation it meant
    TimeMs whole_at = 0;                    // when a whole row that it sent was updated
  };

  void tell(std::string_view key, Told what);
  void remember(fleet::SessionList& rows);
  void note(const fleet::SessionList& rows);
  void leave_out_overtaken(fleet::SessionList& rows) const;
  [[nodiscard]] bool has_overtaken(const fleet::SessionPatch& row) const;
  void move_on(const Page& page);
  void give_up();
  [[nodiscard]] std::int64_t named() const;
  void finish(fleet::SessionList& last) const;

  KnownRows* known_;
  protocol::PageFilter filter_;
  std::vector<std::pair<protocol::RowPrint, fleet::IdentityPrint>> left_out_;  // of the next page
  boost::unordered_flat_set<fleet::IdentityPrint> listed_;
  boost::unordered_flat_map<fleet::IdentityPrint, Told> told_;
  std::optional<std::int64_t> total_;
  std::optional<std::int64_t> next_ = 0;
  std::int64_t unseen_ = 0;  // no session in front of this place was missed
  std::int64_t gone_ = 0;    // deleted since the latest page
  std::int64_t margin_ = 0;  // how far in front of it a page is asked for
  std::size_t skipped_ = 0;
  std::size_t pages_ = 0;
  bool sane_ = true;
};

}  // namespace cc::gateway
