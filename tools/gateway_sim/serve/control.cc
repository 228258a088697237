#include "gateway_sim/serve/control.h"

#include <array>

#include <boost/json.hpp>

namespace cc::sim {
namespace {

struct Route {
  std::string_view path;
  Reply (*act)(const Order&);
};

constexpr std::array kRoutes{
    Route{"/_sim/agents", order_agents},
    Route{"/_sim/approvals/resolve", order_approval},
    Route{"/_sim/devices/approve", order_pairing},
    Route{"/_sim/devices/remove", order_removal},
    Route{"/_sim/emit", order_event},
    Route{"/_sim/fault", order_fault},
    Route{"/_sim/rate", order_rate},
    Route{"/_sim/rest", order_rest},
    Route{"/_sim/run", order_run},
    Route{"/_sim/sessions", order_sessions},
};

const Route* route_of(std::string_view path) {
  for (const Route& route : kRoutes) {
    if (route.path == path) return &route;
  }
  return nullptr;
}

HttpReply problem(unsigned status, std::string_view what) {
  return {status, "application/json", object_of(std::pair{"error", what})};
}

}  // namespace

HttpReply Control::handle(const HttpAsk& ask) {
  const std::string path = ask.target.substr(0, ask.target.find('?'));
  if (path == "/_sim/stats") return {200, "application/json", gateway_.stats_json()};
  if (ask.method != "POST") return problem(405, "POST a JSON object");
  boost::system::error_code error;
  const boost::json::value body = boost::json::parse(ask.body.empty() ? "{}" : ask.body, error);
  if (error || !body.is_object()) return problem(400, "the body is not a JSON object");
  const Route* route = route_of(path);
  if (route == nullptr) return problem(404, "");
  const Reply reply = route->act({gateway_, restart_, body.get_object()});
  return reply ? HttpReply{200, "application/json", *reply} : problem(400, reply.error());
}

}  // namespace cc::sim
