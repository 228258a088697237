#pragma once
// Where `merge` writes: copies of the rows it edits, on top of a view that stays as it is. What
// really changed is found at the end by comparison, so the rules need not care.

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "fleet/change_set.h"
#include "fleet/fleet.h"
#include "fleet/view.h"

namespace cc::fleet {

/// The edits of one gateway's rows of one kind, in the order in which they were first touched.
template <class Row>
class Edits {
 public:
  struct Edit {
    std::string id;
    std::shared_ptr<Row> row;  // null: removed
  };

  [[nodiscard]] const Edit* find(std::string_view id) const {
    const std::size_t place = place_of(id);
    return place == edits_.size() ? nullptr : &edits_[place];
  }
  Edit& at(std::string_view id) {
    const std::size_t place = place_of(id);
    if (place == edits_.size()) add(id);
    return edits_[place];
  }
  [[nodiscard]] const std::vector<Edit>& all() const { return edits_; }

 private:
  /// An event edits a row or two; so few are looked through faster than an index is made.
  static constexpr std::size_t kFew = 8;

  [[nodiscard]] std::size_t place_of(std::string_view id) const {
    if (edits_.size() > kFew) {
      const auto found = index_.find(id);
      return found == index_.end() ? edits_.size() : found->second;
    }
    return static_cast<std::size_t>(std::ranges::find(edits_, id, &Edit::id) - edits_.begin());
  }
  void add(std::string_view id) {
    edits_.push_back({std::string(id), nullptr});
    if (edits_.size() <= kFew) return;
    for (std::size_t i = index_.size(); i < edits_.size(); ++i) index_.emplace(edits_[i].id, i);
  }

  std::vector<Edit> edits_;
  /// Of all edits, once there are more than a few.
  boost::unordered_flat_map<std::string, std::size_t, TextHash, std::equal_to<>> index_;
};

/// One gateway's rows, as the change set in the making would leave them. References stay valid
/// until `finish`.
class Draft {
 public:
  Draft(const FleetView& view, std::string gateway) : view_(view), gateway_(std::move(gateway)) {}

  [[nodiscard]] const std::string& gateway_name() const { return gateway_; }

  /// Null where there is none.
  template <class Row>
  [[nodiscard]] Seen<Row> peek(std::string_view id) const {
    const auto* edit = edits<Row>().find(id);
    return edit != nullptr ? see<Row>(edit->row) : held<Row>(id);
  }

  /// A row to write into; null where there is none.
  template <class Row>
  [[nodiscard]] Row* edit(std::string_view id) {
    if (const auto* edit = edits<Row>().find(id)) return edit->row.get();
    const Seen<Row> row = held<Row>(id);
    if (!row) return nullptr;
    auto& place = edits<Row>().at(id);
    place.row = copy(*row);
    return place.row.get();
  }

  /// A row to write into, made where there is none.
  template <class Row>
  [[nodiscard]] Row& obtain(std::string_view id) {
    if (Row* row = edit<Row>(id)) return *row;
    auto& place = edits<Row>().at(id);
    place.row = std::make_shared<Row>();
    name_row(*place.row, id);
    return *place.row;
  }

  template <class Row>
  void remove(std::string_view id) {
    edits<Row>().at(id).row = nullptr;
  }

  /// Every row, with the edits in it. Do not edit rows of the same kind meanwhile.
  template <class Row>
  void each(const std::function<void(const Fields<Row>&)>& visit) const {
    each_held<Row>([&](const Fields<Row>& row) {
      if (edits<Row>().find(row.identity()) == nullptr) visit(row);
    });
    for (const auto& edit : edits<Row>().all()) {
      if (edit.row) visit(*edit.row);
    }
  }

  [[nodiscard]] std::size_t session_count() const;

  /// What differs from the view. The draft is empty afterwards.
  [[nodiscard]] ChangeSet finish(Source source, Cause cause);

 private:
  template <class Row>
  [[nodiscard]] Seen<Row> held(std::string_view id) const;
  template <class Row>
  void each_held(const std::function<void(const Fields<Row>&)>& visit) const;
  template <class Row>
  void collect(Changes<Row>& into);

  template <class Row>
  static std::shared_ptr<Row> copy(const Row& row) {
    return std::make_shared<Row>(row);
  }
  static std::shared_ptr<Session> copy(const SessionView& row) {
    return std::make_shared<Session>(row.with_texts_as<std::string>());
  }

  template <class Row>
  [[nodiscard]] const Edits<Row>& edits() const {
    return std::get<Edits<Row>>(edits_);
  }
  template <class Row>
  [[nodiscard]] Edits<Row>& edits() {
    return std::get<Edits<Row>>(edits_);
  }

  void name_row(Gateway& row, std::string_view id) const;
  void name_row(Agent& row, std::string_view id) const;
  void name_row(Session& row, std::string_view id) const;
  void name_row(Presence& row, std::string_view id) const;
  void name_row(AgentRuns& row, std::string_view id) const;

  const FleetView& view_;
  std::string gateway_;
  std::tuple<Edits<Gateway>, Edits<Agent>, Edits<Session>, Edits<Presence>, Edits<AgentRuns>>
      edits_;
};

}  // namespace cc::fleet
