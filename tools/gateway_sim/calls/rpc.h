#pragma once
// The calls that a client can make once it is in.

#include <expected>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "gateway_sim/door/client.h"
#include "gateway_sim/door/params.h"
#include "gateway_sim/gateway.h"

namespace cc::sim {

/// The payload, JSON.
using Answer = std::expected<std::string, Refusal>;

class Rpc {
 public:
  explicit Rpc(Gateway& gateway) : gateway_(gateway) {}

  /// Checks the scope and the parameters, then answers. Events that the call causes are published
  /// on the way, which may be before the answer is sent, as with real gateways.
  Answer call(Client& client, std::string_view method, const boost::json::object& params);
  /// Of all the methods, for the hello.
  [[nodiscard]] std::vector<std::string> names() const;

 private:
  struct Method;
  using Params = boost::json::object;

  Answer agents_list(Client& client, const Params& params);
  Answer agents_create(Client& client, const Params& params);
  Answer agents_update(Client& client, const Params& params);
  Answer agents_delete(Client& client, const Params& params);
  Answer sessions_list(Client& client, const Params& params);
  Answer sessions_subscribe(Client& client, const Params& params);
  Answer sessions_unsubscribe(Client& client, const Params& params);
  Answer messages_subscribe(Client& client, const Params& params);
  Answer sessions_describe(Client& client, const Params& params);
  Answer sessions_resolve(Client& client, const Params& params);
  Answer sessions_create(Client& client, const Params& params);
  Answer sessions_patch(Client& client, const Params& params);
  Answer sessions_reset(Client& client, const Params& params);
  Answer sessions_delete(Client& client, const Params& params);
  Answer sessions_send(Client& client, const Params& params);
  Answer sessions_abort(Client& client, const Params& params);
  Answer chat_send(Client& client, const Params& params);
  Answer chat_abort(Client& client, const Params& params);
  Answer approval_list(Client& client, const Params& params);
  Answer approval_resolve(Client& client, const Params& params);
  Answer system_presence(Client& client, const Params& params);
  Answer health(Client& client, const Params& params);
  Answer status(Client& client, const Params& params);
  Answer cron_list(Client& client, const Params& params);
  Answer cron_status(Client& client, const Params& params);
  Answer models_list(Client& client, const Params& params);
  Answer usage_cost(Client& client, const Params& params);
  Answer node_list(Client& client, const Params& params);
  Answer last_heartbeat(Client& client, const Params& params);
  Answer pair_list(Client& client, const Params& params);
  Answer pair_approve(Client& client, const Params& params);
  Answer pair_reject(Client& client, const Params& params);
  Answer pair_remove(Client& client, const Params& params);

  [[nodiscard]] static const std::vector<Method>& methods();
  [[nodiscard]] std::string list(const Params& params);
  [[nodiscard]] std::string begin_run(Session& session, const Params& params);
  /// The id of the run that was ended; empty if none ran.
  std::string abort(Session& session);
  [[nodiscard]] std::string entry_of(const Session& session) const;

  Gateway& gateway_;
};

}  // namespace cc::sim
