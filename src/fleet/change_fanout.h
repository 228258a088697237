#pragma once
// Several listeners in the place of one.

#include <vector>

#include "fleet/change_listener.h"

namespace cc::fleet {

/// `add` before anything is published. Listeners must outlive it.
class ChangeFanout final : public ChangeListener {
 public:
  void add(ChangeListener& listener) { listeners_.push_back(&listener); }
  void published(std::span<const std::shared_ptr<ChangeSet>> changes, TimeMs at,
                 const Cursor& head) override {
    for (auto* listener : listeners_) listener->published(changes, at, head);
  }

 private:
  std::vector<ChangeListener*> listeners_;
};

}  // namespace cc::fleet
