#include "store/sqlite/load_state.h"

#include <algorithm>
#include <compare>
#include <future>
#include <map>
#include <optional>
#include <ranges>
#include <string>
#include <utility>
#include <vector>

#include "base/guarded.h"
#include "store/load_row.h"
#include "store/sqlite/failure.h"

namespace cc::store {
namespace {

/// How many rows a thread reads before it checks how far the other one is.
constexpr std::size_t kStride = 256;
/// So many are read by the time that a second connection is open.
constexpr std::size_t kFew = 4 * kStride;
/// However many an agent says that there are.
constexpr std::size_t kMostExpected = 1'000'000;

/// Where a row stands in the table, which SQLite sorts by bytes.
struct Place {
  std::int64_t kind = 0;
  std::string gateway;
  std::string id;

  auto operator<=>(const Place&) const = default;
};

/// How far a thread has come: it has read all rows from its end up to and including this one.
class Progress {
 public:
  void reached(Place place) {
    const MutexLock lock(mutex_);
    place_ = std::move(place);
  }
  /// Nothing before the first stride.
  [[nodiscard]] std::optional<Place> place() const {
    const MutexLock lock(mutex_);
    return place_;
  }

 private:
  mutable Mutex mutex_;
  std::optional<Place> place_ GUARDED_BY(mutex_);
};

class StateRows {
 public:
  explicit StateRows(SQLite::Database& db, const char* order)
      : scan_(
            db,
            (std::string("SELECT kind, gateway, id, json FROM state ORDER BY ") + order).c_str()) {}

  bool step() { return scan_.step(); }
  [[nodiscard]] Result<StoredRow> read() const {
    return read_row(static_cast<fleet::Kind>(scan_.number(0)), scan_.text(1), scan_.text(2),
                    scan_.text(3));
  }
  [[nodiscard]] Place place() const {
    return {scan_.number(0), std::string(scan_.text(1)), std::string(scan_.text(2))};
  }

 private:
  Scan scan_;
};

/// Puts rows into the fleet, in the order in which they stand.
class Filling {
 public:
  void put(StoredRow row) {
    if (const auto* agent = std::get_if<fleet::HeldPointer<fleet::Agent>>(&row)) {
      expected_[(*agent)->gateway] +=
          static_cast<std::size_t>(std::max<std::int64_t>((*agent)->sessions, 0));
    } else if (const auto* session = std::get_if<fleet::HeldPointer<fleet::Session>>(&row)) {
      make_room((*session)->gateway());
    }
    put_row(fleet_, std::move(row));
  }
  [[nodiscard]] fleet::Fleet take() { return std::move(fleet_); }

 private:
  // A table that grows while it is filled is made again and again. The agents come first, and know.
  void make_room(std::string_view gateway) {
    if (expected_.empty()) return;
    const auto found = expected_.find(gateway);
    if (found == expected_.end()) return;
    fleet_.expect_sessions(gateway, std::min(found->second, kMostExpected));
    expected_.erase(found);
  }

  fleet::Fleet fleet_;
  /// How many sessions the agents of a gateway say that they have, until the first of them comes.
  std::map<std::string, std::size_t, std::less<>> expected_;
};

using Rows = std::vector<StoredRow>;

/// Takes row after row until it comes to where the other reader has been. `is_met(own, other)` says
/// whether one place has been reached from the other's side.
template <class Take>
Result<void> walk(StateRows& stored, Progress& own, const Progress& other,
                  bool (*is_met)(const Place& own, const Place& other), Take take) {
  for (std::size_t read = 1; stored.step(); ++read) {
    auto row = stored.read();
    if (!row) return std::unexpected(row.error());
    take(*std::move(row));
    if (read % kStride != 0) continue;
    auto place = stored.place();
    if (const auto there = other.place(); there && is_met(place, *there)) break;
    own.reached(std::move(place));
  }
  return {};
}

/// From the last row towards the first, until `front` has been there.
Result<Rows> read_from_the_end(const DatabaseFile& file, const Progress& front, Progress& back) {
  return guard_sqlite(file.path, [&]() -> Result<Rows> {
    SQLite::Database db = connect_reader(file);
    StateRows stored(db, "kind DESC, gateway DESC, id DESC");
    Rows rows;
    auto walked = walk(
        stored, back, front, [](const Place& own, const Place& other) { return own <= other; },
        [&](StoredRow row) { rows.push_back(std::move(row)); });
    if (!walked) return std::unexpected(walked.error());
    return rows;
  });
}

}  // namespace

Result<fleet::Fleet> load_state(SQLite::Database& db, const DatabaseFile& file) {
  // One look at everything leaves nothing in the cache that is worth its memory.
  const SmallCache small(db);
  StateRows stored(db, "kind, gateway, id");
  Filling filling;
  Progress front;
  Progress back;
  std::future<Result<Rows>> from_the_end;
  auto walked = walk(
      stored, front, back, [](const Place& own, const Place& other) { return own >= other; },
      [&, read = std::size_t{0}](StoredRow row) mutable {
        filling.put(std::move(row));
        if (++read != kFew) return;
        from_the_end =
            std::async(std::launch::async, [&] { return read_from_the_end(file, front, back); });
      });
  if (!walked) return std::unexpected(walked.error());
  if (!from_the_end.valid()) return filling.take();
  auto rest = from_the_end.get();
  if (!rest) return std::unexpected(rest.error());
  // Those that both have read, where they met, are put in their own places again.
  for (auto& row : std::views::reverse(*rest)) filling.put(std::move(row));
  return filling.take();
}

}  // namespace cc::store
