#include "gateway/protocol/rows.h"

namespace cc::gateway::protocol {
namespace {

using fleet::AgentPatch;
using AgentText = fleet::Field<std::string>;

/// `name` is a text, or an object with the text in its member `inner`.
AgentText text_or_inner(const Members& row, std::string_view name, std::string_view inner) {
  const auto value = row.find(name);
  if (!value || !value->is_object()) return row.text(name);
  const auto object = row.object(name);
  return object ? object->text(inner) : AgentText();
}

}  // namespace

AgentPatch read_agent(const Members& row, std::string id) {
  AgentPatch out;
  out.id = std::move(id);
  out.name = row.text("name");
  out.emoji = row.text("emoji");
  if (const auto identity = row.object("identity")) {
    out.name = or_else(std::move(out.name), identity->text("name"));
    out.emoji = or_else(std::move(out.emoji), identity->text("emoji"));
  }
  out.model = text_or_inner(row, "model", "primary");
  out.runtime = or_else(row.text("runtime"), text_or_inner(row, "agentRuntime", "id"));
  out.workspace = row.text("workspace");
  return out;
}

}  // namespace cc::gateway::protocol
