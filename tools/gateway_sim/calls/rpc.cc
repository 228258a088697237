#include "gateway_sim/calls/rpc.h"

#include "gateway_sim/calls/subjects.h"

namespace cc::sim {
namespace {

constexpr std::array kSubjects{
    agent_methods,  session_methods, session_change_methods, message_methods, approval_methods,
    system_methods, cron_methods,    usage_methods,          device_methods,
};

const Method* method_named(std::string_view name, Protocol protocol) {
  for (const auto& subject : kSubjects) {
    for (const Method& method : subject()) {
      if (method.name == name && method.exists_in(protocol)) return &method;
    }
  }
  return nullptr;
}

}  // namespace

Answer Rpc::call(Client& client, std::string_view name, const boost::json::object& params) {
  const Protocol protocol = gateway_.protocol();
  const Method* method = method_named(name, protocol);
  // Whoever is not an admin is not even told that a method does not exist.
  const std::string_view scope = (method == nullptr ? kAdmin : method->scopes).in(protocol);
  if (!client.may(scope)) return std::unexpected(missing_scope(protocol, scope));
  if (method == nullptr) return refused("unknown method: " + std::string(name));
  if (const auto fault = find_fault(params, method->members, "", protocol)) {
    return refused("invalid " + std::string(name) + " params: " + *fault);
  }
  if (method->scopes.in(protocol) == "operator.read")
    return method->run({gateway_, client, params});
  gateway_.told();
  Answer answer = method->run({gateway_, client, params});
  note(*method, params, answer);
  return answer;
}

void Rpc::note(const Method& method, const boost::json::object& params, const Answer& answer) {
  log_.note(gateway_.now(), method.name, params, answer ? std::string_view(*answer) : "",
            answer ? "" : std::string_view(answer.error().message));
}

std::vector<std::string> Rpc::names() const {
  std::vector<std::string> names;
  for (const auto& subject : kSubjects) {
    for (const Method& method : subject()) {
      if (method.exists_in(gateway_.protocol())) names.emplace_back(method.name);
    }
  }
  return names;
}

}  // namespace cc::sim
