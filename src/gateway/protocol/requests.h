#pragma once
// How a command is asked for on either protocol, and what an answer means
// (docs/protocol/gateway.md, "Commands"). Pure. Gateways take closed objects as parameters: a
// member that one does not know is refused, so nothing is sent that was not measured.

#include <optional>
#include <string>
#include <vector>

#include "fleet/observation.h"
#include "gateway/protocol/frame.h"

namespace cc::gateway::protocol {

/// What has to be known of the fleet to ask for something without harm. Empty: it is not known.
struct Surroundings {
  std::optional<std::string> session_id;      // the generation of the session that is the target
  bool agent_is_default = false;              // the agent that is the target
  std::optional<std::string> session_of_run;  // the session in which the named run is known to run
};

struct Ask {
  std::string method;
  std::string params;  // a JSON object
};

/// The method that a kind uses; empty where the protocol has none. `approval.decide` uses one of
/// two, of which this is the more frequent.
[[nodiscard]] std::string_view method_of(std::string_view kind, int protocol);

/// kRefused, with a sentence for the author, where it would do harm or the protocol cannot say it.
/// Not for `stop`, which is many.
[[nodiscard]] Result<Ask> ask_for(const fleet::Command& command, int protocol,
                                  const Surroundings& around);

/// What is kept of an answer: the members that matter, within bounds. Empty: nothing of it.
struct Answered {
  fleet::CommandStatus status = fleet::CommandStatus::kDone;
  std::string detail;
  fleet::MaybeObject result;
  bool overtaken = false;
};
[[nodiscard]] Answered read_answer(const fleet::Command& command, simdjson::dom::element payload);

/// A refusal. `kAccepted`: the gateway asks to try again later, and did nothing.
[[nodiscard]] Answered read_refusal(const WireError& error);

/// chat.abort of one session: what `stop` asks for, again and again.
[[nodiscard]] Ask abort_of(std::string_view session, int protocol);
/// Whether its answer says that something was stopped.
[[nodiscard]] bool aborted_any(simdjson::dom::element payload);

}  // namespace cc::gateway::protocol
