#pragma once
// The rows of the fleet as either protocol spells them, member for member like the recordings of
// real gateways.

#include "base/json_writer.h"
#include "gateway_sim/world/model.h"

namespace cc::sim {

struct RowStyle {
  TimeMs now = 0;
  bool derived_title = false;
  bool last_message = false;
  /// Leaves out the long members that no monitor reads; for measuring, where their bytes would be
  /// what is measured.
  bool slim = false;
  /// Protocol 4 often says "busy" without saying with what.
  bool runs_unknown = false;
};

/// The object, as `session` in events and in lists.
void write_session(JsonWriter& json, const Session& session, Protocol protocol,
                   const RowStyle& style);

/// The copy of the row that stands flat in the payload of an event; members only, no braces.
void write_flat(JsonWriter& json, const Session& session, Protocol protocol, const RowStyle& style);

// The two spellings, each in a file of its own.
void write_session_v3(JsonWriter& json, const Session& session, const RowStyle& style);
void write_session_v4(JsonWriter& json, const Session& session, const RowStyle& style);
void write_flat_v3(JsonWriter& json, const Session& session, const RowStyle& style);
void write_flat_v4(JsonWriter& json, const Session& session, const RowStyle& style);

void write_agent(JsonWriter& json, const Agent& agent, Protocol protocol);
void write_presence(JsonWriter& json, const PresenceEntry& entry, Protocol protocol);

/// What the gateway takes where a session says nothing of its own.
void write_defaults(JsonWriter& json, const Agent& agent, Protocol protocol);

void write_approval(JsonWriter& json, const Approval& approval, Protocol protocol);
/// The `request` inside of an approval's events.
void write_approval_request(JsonWriter& json, const Approval& approval, Protocol protocol);

}  // namespace cc::sim
