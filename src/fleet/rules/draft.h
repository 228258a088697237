#pragma once
// Where `merge` writes: copies of the rows it edits, on top of an unchanged view. At the end, the
// copies are compared with the view to find what really changed.

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "fleet/change_set.h"
#include "fleet/state/overlay.h"

namespace cc::fleet {

/// The edits of one gateway's rows of one kind, in the order in which they were first touched.
template <class Row>
class Edits {
 public:
  struct Edit {
    std::string id;
    Seen<Row> before;                   // in the view below
    std::shared_ptr<Drafted<Row>> row;  // null: removed
  };

  /// Null where there is none. Good until the next `add`.
  [[nodiscard]] const Edit* find(std::string_view id) const {
    const std::size_t place = place_of(id);
    return place == edits_.size() ? nullptr : &edits_[place];
  }
  [[nodiscard]] Edit* find(std::string_view id) {
    return const_cast<Edit*>(std::as_const(*this).find(id));
  }
  Edit& add(std::string_view id, const Seen<Row>& before) {
    edits_.push_back({std::string(id), before, nullptr});
    if (edits_.size() > kFew) {
      for (std::size_t i = index_.size(); i < edits_.size(); ++i) index_.emplace(edits_[i].id, i);
    }
    return edits_.back();
  }
  [[nodiscard]] const std::vector<Edit>& all() const { return edits_; }

 private:
  /// An event edits a row or two. Searching so few is faster than building an index.
  static constexpr std::size_t kFew = 8;

  [[nodiscard]] std::size_t place_of(std::string_view id) const {
    if (edits_.size() > kFew) {
      const auto found = index_.find(id);
      return found == index_.end() ? edits_.size() : found->second;
    }
    return static_cast<std::size_t>(std::ranges::find(edits_, id, &Edit::id) - edits_.begin());
  }

  std::vector<Edit> edits_;
  /// Of all edits, once there are more than a few.
  boost::unordered_flat_map<std::string, std::size_t, TextHash, std::equal_to<>> index_;
};

/// One gateway's rows with the edits so far. References stay valid until `finish`.
class Draft {
 public:
  Draft(const Overlay& view, std::string gateway) : view_(view), gateway_(std::move(gateway)) {}

  [[nodiscard]] const std::string& gateway_name() const { return gateway_; }

  /// Null where there is none.
  template <class Row>
  [[nodiscard]] Seen<Row> peek(std::string_view id) const {
    const auto* edit = edits<Row>().find(id);
    return edit != nullptr ? see<Row>(edit->row) : held<Row>(id);
  }

  /// A row to write into; null where there is none. What a session's texts are set to must stay
  /// until `finish`.
  template <class Row>
  [[nodiscard]] Drafted<Row>* edit(std::string_view id) {
    if (const auto* edit = edits<Row>().find(id)) return edit->row.get();
    const Seen<Row> row = held<Row>(id);
    return row ? &obtain<Row>(id, row) : nullptr;
  }

  /// As `edit`, but makes the row if there is none. Then a session's `id` must stay valid as well.
  template <class Row>
  [[nodiscard]] Drafted<Row>& obtain(std::string_view id) {
    return obtain<Row>(id, peek<Row>(id));
  }
  /// As above, for callers that hold the result of `peek` and have not edited the row since.
  template <class Row>
  [[nodiscard]] Drafted<Row>& obtain(std::string_view id, const Seen<Row>& peeked) {
    auto* edit = edits<Row>().find(id);
    if (edit == nullptr) edit = &edits<Row>().add(id, peeked);
    if (!edit->row) {
      edit->row = peeked ? std::make_shared<Drafted<Row>>(*peeked) : named<Row>(id);
    }
    return *edit->row;
  }

  template <class Row>
  void remove(std::string_view id) {
    auto* edit = edits<Row>().find(id);
    if (edit == nullptr) edit = &edits<Row>().add(id, held<Row>(id));
    edit->row = nullptr;
  }

  /// Visits every row, with the edits applied. Do not edit rows of this kind meanwhile.
  template <class Row>
  void each(const std::function<void(const Fields<Row>&)>& visit) const {
    view_.each<Row>(gateway_, [&](const Fields<Row>& row) {
      if (edits<Row>().find(row.identity()) == nullptr) visit(row);
    });
    for (const auto& edit : edits<Row>().all()) {
      if (edit.row) visit(*edit.row);
    }
  }

  /// Of the rows of which it holds, with the edits applied.
  template <class Row>
  [[nodiscard]] std::vector<std::string> ids_where(
      const std::function<bool(const Fields<Row>&)>& holds) const {
    std::vector<std::string> ids;
    each<Row>([&](const Fields<Row>& row) {
      if (holds(row)) ids.emplace_back(row.identity());
    });
    return ids;
  }

  [[nodiscard]] std::size_t session_count() const;

  /// What is committed of the gateway.
  [[nodiscard]] Usage usage() const { return view_.base_usage(gateway_); }
  /// A row that the gateway told of is not kept.
  void leave_out() { ++left_out_; }

  /// What differs from the view. The draft is empty afterwards.
  [[nodiscard]] ChangeSet finish(Source source, Cause cause);

 private:
  template <class Row>
  [[nodiscard]] Seen<Row> held(std::string_view id) const;
  template <class Row>
  void collect(Changes<Row>& into);
  template <class Row>
  [[nodiscard]] std::shared_ptr<Drafted<Row>> named(std::string_view id) const;

  template <class Row>
  [[nodiscard]] const Edits<Row>& edits() const {
    return KindOf<Row>::in(edits_);
  }
  template <class Row>
  [[nodiscard]] Edits<Row>& edits() {
    return KindOf<Row>::in(edits_);
  }

  struct AllEdits {
#define KIND(tag, noun, number, plural) Edits<tag> plural;
#include "fleet/rows/kinds.def"
    Edits<AgentRuns> runs;
  };

  const Overlay& view_;
  std::string gateway_;
  AllEdits edits_;
  std::size_t left_out_ = 0;
};

}  // namespace cc::fleet
