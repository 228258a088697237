#include "fleet/backlog.h"

#include <utility>

namespace cc::fleet {
namespace {

/// Only a sign of life: dropping it loses nothing.
bool is_expendable(const Observation& seen) {
  if (std::holds_alternative<SignOfLife>(seen.what)) return true;
  const auto* event = std::get_if<RunEvent>(&seen.what);
  return event != nullptr && event->kind == RunEvent::Kind::kProgress;
}

bool must_stay(const Waiting& item) {
  const auto& what = item.observation.what;
  return item.ack || std::holds_alternative<CommandAnswered>(what) ||
         std::holds_alternative<ApprovalAsked>(what) ||
         std::holds_alternative<ApprovalResolved>(what) ||
         std::holds_alternative<ConnectionReport>(what);
}

/// An observation after a list is newer than the list. If it were moved before it, the list would
/// undo it.
bool is_list(const Observation& seen) {
  return std::holds_alternative<FleetPart>(seen.what) ||
         std::holds_alternative<FleetSync>(seen.what) ||
         std::holds_alternative<SessionsListed>(seen.what) ||
         std::holds_alternative<Polled>(seen.what);
}

std::string identity(const std::string& gateway, std::string_view key) {
  return (gateway + '\n').append(key);
}

/// What the latest of replaces the ones before; empty where nothing does.
std::string identity_of(const Observation& seen) {
  if (const auto* change = std::get_if<SessionChanged>(&seen.what))
    return identity(seen.gateway, change->row.key);
  if (const auto* gone = std::get_if<SessionDeleted>(&seen.what))
    return identity(seen.gateway, gone->key);
  if (std::holds_alternative<PresenceChanged>(seen.what)) return seen.gateway;
  return {};
}

/// Whether `newer` says all that `older` said. A row that tells its runs does; a phase that only it
/// tells does not.
bool replaces(const Observation& newer, const Observation& older) {
  if (std::holds_alternative<PresenceChanged>(newer.what))
    return std::holds_alternative<PresenceChanged>(older.what);
  const auto* now = std::get_if<SessionChanged>(&newer.what);
  const auto* before = std::get_if<SessionChanged>(&older.what);
  if (now == nullptr || before == nullptr || !now->row.complete) return false;
  return now->row.has_active_run || before->phase.empty() || before->phase == "message";
}

/// So that a transaction is no larger than what its journal entries may take of memory.
constexpr std::size_t kMostBytesAtOnce = 16U << 20U;

/// About, of memory.
std::size_t bytes_of(const Observation& seen) {
  return sizeof(Observation) +
         std::visit(
             [](const auto& what) -> std::size_t {
               if constexpr (requires { what.texts.bytes(); }) {
                 return what.texts.bytes();
               } else if constexpr (requires { what.sessions.texts.bytes(); }) {
                 return what.sessions.texts.bytes() +
                        what.sessions.sessions.size() * sizeof(SessionPatch);
               } else {
                 return 0;
               }
             },
             seen.what);
}

}  // namespace

bool Backlog::is_above_mark() const {
  return size() >= mark_ || bytes_ >= mark_bytes_;
}

bool Backlog::is_full() const {
  return size() >= 4 * mark_ || bytes_ >= mark_bytes_ + mark_bytes_ / 2;
}

bool Backlog::is_well_below() const {
  return size() < mark_ / 2 && bytes_ < mark_bytes_ / 2;
}

void Backlog::push(Waiting item) {
  if (!is_above_mark()) {
    if (folding_ && is_well_below()) {
      folding_ = false;
      latest_.clear();
    }
  } else if (!folding_) {
    folding_ = true;
    index_all();
  }
  if (folding_ && fold(item)) return;
  bytes_ += bytes_of(item.observation);
  items_.push_back(std::move(item));
  if (folding_) remember(items_.back(), first_place_ + items_.size() - 1);
}

bool Backlog::fold(Waiting& item) {
  if (must_stay(item)) return false;
  if (is_expendable(item.observation)) return true;
  if (Waiting* before = latest(identity_of(item.observation));
      before != nullptr && replaces(item.observation, before->observation)) {
    bytes_ += bytes_of(item.observation) - bytes_of(before->observation);
    before->observation = std::move(item.observation);
    return true;
  }
  if (!is_full()) return false;
  losses_.gateways.insert(item.observation.gateway);
  ++losses_.observations;
  return true;
}

void Backlog::index_all() {
  latest_.clear();
  for (std::size_t i = taken_; i < items_.size(); ++i) remember(items_[i], first_place_ + i);
}

void Backlog::remember(const Waiting& item, std::uint64_t place) {
  if (is_list(item.observation)) return latest_.clear();
  if (auto identity = identity_of(item.observation); !identity.empty()) {
    latest_.insert_or_assign(std::move(identity), place);
  }
}

Waiting* Backlog::latest(const std::string& identity) {
  const auto found = latest_.find(identity);
  if (found == latest_.end() || found->second < first_place_ + taken_) return nullptr;
  return &items_[found->second - first_place_];
}

void Backlog::take(std::size_t max, std::vector<Waiting>& into) {
  into.clear();
  if (taken_ == 0 && items_.size() <= max && bytes_ <= kMostBytesAtOnce) {
    first_place_ += items_.size();
    bytes_ = 0;
    return items_.swap(into);
  }
  const std::size_t end = taken_ + std::min(max, size());
  for (std::size_t bytes = 0; taken_ < end && bytes <= kMostBytesAtOnce; ++taken_) {
    const std::size_t more = bytes_of(items_[taken_].observation);
    bytes += more;
    bytes_ -= more;
    into.push_back(std::move(items_[taken_]));
  }
  // Each is moved to the front once at most for each that was taken.
  if (taken_ * 2 >= items_.size()) forget_taken();
}

void Backlog::forget_taken() {
  items_.erase(items_.begin(), items_.begin() + static_cast<std::ptrdiff_t>(taken_));
  first_place_ += std::exchange(taken_, 0);
}

Backlog::Losses Backlog::take_losses() {
  return std::exchange(losses_, {});
}

}  // namespace cc::fleet
