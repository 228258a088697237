#pragma once
// Takes the events of one connection: turns them into observations for the sink, and into requests
// to read something again.

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/link_context.h"
#include "gateway/protocol/interpret.h"
#include "gateway/reading/fleet_reader.h"
#include "gateway/reading/outbox.h"
#include "gateway/reading/refetch_plan.h"
#include "gateway/reading/review_plan.h"
#include "gateway/reading/sequence_check.h"
#include "gateway/reading/session_checks.h"

namespace cc::gateway {

/// On the link's thread. What is handed in must outlive it.
class EventIntake {
 public:
  struct Parts {
    const LinkContext& link;
    protocol::Interpreter& interpreter;
    FleetReader& reader;
    RefetchPlan& plan;
    Outbox& outbox;
    SessionChecks& checks;
    ReviewPlan& review;
    std::function<void()> wished;  // something is to be read that was not before
  };
  explicit EventIntake(Parts parts) : parts_(std::move(parts)) {}

  void event(const protocol::EventFrame& frame);
  void request_resync(const std::string& why);

  /// From a `shutdown` event.
  [[nodiscard]] std::optional<Millis> restart_expected() const { return restart_expected_; }

 private:
  void check_sequence(std::optional<std::int64_t> seq);
  void apply_wishes(const protocol::Interpretation& meaning);
  void pass(fleet::Observation observation);
  /// Notes what is to be read again because of this.
  void note(const fleet::Observation& observation);
  void spoken_of(std::string_view session, bool has_ended);

  Parts parts_;
  SequenceCheck sequence_;
  std::optional<Millis> restart_expected_;
};

}  // namespace cc::gateway
