#include "app/wiring/fill_activity.h"

#include <algorithm>
#include <ranges>

#include "journal/mentions.h"
#include "journal/run_ends.h"

namespace cc::app {
namespace {

constexpr std::size_t kPageEntries = 512;
constexpr std::size_t kPageBytes = 512U << 10U;

/// Takes entries backwards. The parts of a split change count as one.
class Filling {
 public:
  Filling(fleet::Activity& activity, TimeMs now)
      : activity_(activity),
        since_(now -
               fleet::Activity::kBucket.count() * static_cast<TimeMs>(fleet::Activity::kBuckets)) {}

  /// False once what comes is not wanted any more.
  [[nodiscard]] Result<bool> take(const journal::Entry& entry) {
    bytes_ += entry.body.size();
    if (entry.at < since_ || ++entries_ > kMaxFilledEntries || bytes_ > kMaxFilledBytes) {
      return false;
    }
    auto mentions = journal::read_mentions(entry.body);
    if (!mentions) return std::unexpected(mentions.error());
    auto ends = journal::read_run_ends(entry.body);
    if (!ends) return std::unexpected(ends.error());
    ends_.insert(ends_.end(), std::make_move_iterator(ends->begin()),
                 std::make_move_iterator(ends->end()));
    agents_.insert(agents_.end(), std::make_move_iterator(mentions->agents.begin()),
                   std::make_move_iterator(mentions->agents.end()));
    if (mentions->part == 1) count(entry);
    return true;
  }

 private:
  void count(const journal::Entry& entry) {
    std::ranges::sort(agents_);
    const auto repeated = std::ranges::unique(agents_);
    agents_.erase(repeated.begin(), repeated.end());
    activity_.count(entry.gateway, agents_, ends_, entry.at);
    agents_.clear();
    ends_.clear();
  }

  fleet::Activity& activity_;
  const TimeMs since_;
  std::size_t entries_ = 0;
  std::size_t bytes_ = 0;
  // Of the parts seen so far.
  std::vector<std::string> agents_;
  std::vector<fleet::RunEnd> ends_;
};

}  // namespace

Result<void> fill_activity(fleet::Activity& activity, store::Store& store, Seq before, TimeMs now,
                           const std::stop_token& stop) {
  auto reader = store.open_reader();
  if (!reader) return std::unexpected(reader.error());
  Filling filling(activity, now);
  while (!stop.stop_requested()) {
    const auto page = (*reader)->read_before(before, kPageEntries, kPageBytes);
    if (!page) return std::unexpected(page.error());
    if (page->entries.empty()) return {};
    for (const auto& entry : page->entries | std::views::reverse) {
      const auto goes_on = filling.take(entry);
      if (!goes_on) return std::unexpected(goes_on.error());
      if (!*goes_on) return {};
    }
    before = page->entries.front().seq;
  }
  return {};
}

}  // namespace cc::app
