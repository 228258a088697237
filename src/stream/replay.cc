#include "stream/replay.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include <boost/asio/post.hpp>

namespace cc::stream {
namespace {

/// On a worker's thread.
Result<Replay::Page> read_page(store::JournalReader& reader, Seq after,
                               const Replay::Limits& limits) {
  EntryEncoder encoder(limits.bytes);
  const auto position =
      reader.visit_after(after, limits.entries, limits.bytes,
                         [&encoder](const journal::EntryView& entry, const journal::Position& at) {
                           encoder.add(entry, at.epoch);
                         });
  if (!position) return std::unexpected(position.error());
  auto entries = encoder.finish();
  const bool follows = !entries.empty() && entries.front().seq == after + 1;
  if (after + 1 < position->oldest || !follows) return Replay::Page{after, true, {}};
  return Replay::Page{after, false, std::move(entries)};
}

bool covers(const Replay::Page& page, Seq after) {
  if (page.overtaken) return page.after == after;
  return after + 1 >= page.entries.front().seq && after < page.entries.back().seq;
}

}  // namespace

Replay::Found Replay::fill(Seq after, Seq head, Slice& slice) {
  auto* const slot = find_read(after);
  if (slot == nullptr) return Found::kNotRead;
  slot->used = ++uses_;
  if (slot->page->overtaken) return Found::kOvertaken;
  const auto& entries = slot->page->entries;
  for (auto i = static_cast<std::size_t>(after + 1 - entries.front().seq); i < entries.size();
       ++i) {
    if (entries[i].seq > head || !slice.add(entries[i])) break;
  }
  return Found::kEntries;
}

bool Replay::read(Seq after, Ready ready) {
  auto* slot = find_reading(after);
  if (slot == nullptr) slot = take_free();
  if (slot == nullptr) return false;
  if (!slot->is_reading) begin(*slot, after);
  slot->waiting.push_back(std::move(ready));
  return true;
}

void Replay::read_ahead(Seq after, Seq until) {
  const auto* const here = find_read(after);
  if (here == nullptr || here->page->overtaken || half_is_used()) return;
  const Seq next = here->page->entries.back().seq;
  if (next >= until || find_read(next) != nullptr || find_reading(next) != nullptr) return;
  auto* const slot = take_free();
  if (slot != nullptr && slot != here) begin(*slot, next);
}

bool Replay::half_is_used() const {
  const auto used = std::ranges::count_if(slots_, [](const Slot& one) { return !one.is_free(); });
  return 2 * static_cast<std::size_t>(used) >= slots_.size();
}

bool Replay::has_room() const {
  return std::ranges::any_of(slots_, &Slot::is_free);
}

void Replay::forget_pages() {
  for (auto& slot : slots_) {
    if (slot.is_free()) slot.page.reset();
  }
}

Replay::Slot* Replay::find_read(Seq after) {
  const auto slot = std::ranges::find_if(
      slots_, [&](const Slot& one) { return one.page && covers(*one.page, after); });
  return slot == slots_.end() ? nullptr : &*slot;
}

Replay::Slot* Replay::find_reading(Seq after) {
  const auto slot = std::ranges::find_if(
      slots_, [&](const Slot& one) { return one.is_reading && one.after == after; });
  return slot == slots_.end() ? nullptr : &*slot;
}

/// The free slot that was not used for the longest time; null if none is free.
Replay::Slot* Replay::take_free() {
  Slot* best = nullptr;
  for (auto& slot : slots_) {
    if (slot.is_free() && (best == nullptr || slot.used < best->used)) best = &slot;
  }
  return best;
}

void Replay::begin(Slot& slot, Seq after) {
  slot.page.reset();
  slot.after = after;
  slot.is_reading = true;
  auto done = [this, &slot, alive = std::weak_ptr(alive_)](std::optional<Result<Page>> page) {
    if (alive.expired()) return;
    if (!page) page = fail(ErrorCode::kUnavailable, "nobody reads it any more");
    arrived(slot, *std::move(page));
  };
  // Each slot has its own lane, so replay gets as many turns as that many clients.
  const auto lane = "replay " + std::to_string(&slot - slots_.data());
  const bool taken = workers::run_on(
      workers_, lane, stop_.get_token(),
      [after, limits = limits_](store::JournalReader& reader) {
        return read_page(reader, after, limits);
      },
      executor_, done);
  if (!taken) boost::asio::post(executor_, [done] { done(std::nullopt); });
}

void Replay::arrived(Slot& slot, Result<Page> page) {
  slot.is_reading = false;
  slot.used = ++uses_;
  Result<Pin> pin = nullptr;
  if (page) {
    slot.page = std::make_shared<Page>(*std::move(page));
    pin = slot.page;
  } else {
    pin = std::unexpected(page.error());
  }
  for (const auto& ready : std::exchange(slot.waiting, {})) ready(pin);
}

}  // namespace cc::stream
