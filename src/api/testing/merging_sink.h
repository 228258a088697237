#pragma once
// For tests: what is submitted is merged into the published fleet at once, on the caller's thread,
// and listeners are told. Nothing is written down.

#include <array>
#include <atomic>
#include <mutex>
#include <optional>
#include <vector>

#include "fleet/change_listener.h"
#include "fleet/merge.h"
#include "fleet/sink.h"
#include "fleet/state/published.h"

namespace cc::api::testing {

class MergingSink final : public fleet::ObservationSink {
 public:
  explicit MergingSink(fleet::PublishedFleet& published) : published_(published) {}

  void submit(fleet::Observation seen, fleet::Ack ack = {}) override {
    const std::lock_guard lock(mutex_);
    if (fails) {
      if (ack) ack(fail(ErrorCode::kUnavailable, "the disk is full"));
      return;
    }
    std::shared_ptr<fleet::ChangeSet> changes;
    std::optional<Cursor> now;
    published_.write([&](fleet::Fleet& fleet, Cursor& head) {
      changes = std::make_shared<fleet::ChangeSet>(fleet::merge(fleet, seen));
      fleet.apply(*changes);
      now = head;
    });
    for (auto* listener : listeners) listener->published(std::array{changes}, seen.at, *now);
    if (ack) ack({});
  }

  std::vector<fleet::ChangeListener*> listeners;
  std::atomic<bool> fails = false;

 private:
  fleet::PublishedFleet& published_;
  std::mutex mutex_;
};

}  // namespace cc::api::testing
