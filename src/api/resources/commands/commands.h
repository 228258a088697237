#pragma once
// Telling gateways something: what was asked for is checked, its intent is handed to the ordered
// path, and the row is the answer. Who asks the gateway learns of it as everybody does.

#include <memory>

#include <boost/asio/any_io_executor.hpp>

#include "api/resources/access/request_audit.h"
#include "api/resources/commands/command_book.h"
#include "api/routes/call.h"
#include "command/check.h"
#include "fleet/rules/command_objection.h"
#include "fleet/sink.h"
#include "fleet/state/published.h"

namespace cc::api {

/// So many commands of one author may be open at once.
inline constexpr std::size_t kMostOpen = 100;

class CommandsResource {
 public:
  struct Parts {
    fleet::ObservationSink& sink;
    const fleet::PublishedFleet& published;
    CommandBook& book;
    RequestAudit audit;
    const Clock& clock;
    boost::asio::any_io_executor executor;  // for timers
  };
  explicit CommandsResource(Parts parts) : parts_(std::move(parts)) {}

  [[nodiscard]] Answer give(const Call& call) const;
  [[nodiscard]] Answer withdraw(const Call& call) const;

 private:
  struct Order;

  [[nodiscard]] std::expected<Order, Response> read_order(const Call& call) const;
  [[nodiscard]] Answer give_to_one(const Call& call, Order order) const;
  [[nodiscard]] Answer give_to_all(const Call& call, const Order& order) const;
  void identify(Order& order) const;
  [[nodiscard]] std::optional<Response> refuse(const Call& call, const Order& order) const;
  [[nodiscard]] Later submit(Order order) const;
  [[nodiscard]] Answer show_known(const CommandBook::Row& known, std::optional<Millis> wait) const;
  static void show_the_end(const Parts& parts, const std::string& id, Millis wait, bool was_known,
                           const std::function<void(Response)>& done);
  void audit(const Call& call, const fleet::Command& row, auth::AuditResult result) const;

  Parts parts_;
};

}  // namespace cc::api
