#include "api/exchange.h"

#include <boost/asio/post.hpp>

namespace cc::api {
namespace {

Response too_busy() {
  return std::move(problem(503, "Too many requests wait for an answer; try again later.")
                       .with("Retry-After", "1"));
}

Response not_answered() {
  return problem(503, "The server stops and answers no more.");
}

/// The turns of one request.
class Answering {
 public:
  Answering(const Dispatcher& dispatcher, std::shared_ptr<const Exchange> exchange)
      : dispatcher_(dispatcher), exchange_(std::move(exchange)) {}

  workers::Progress turn(store::JournalReader& journal) {
    if (!answer_) answer_ = dispatcher_.answer(exchange_->visit, exchange_->request);
    const auto* pieces = std::get_if<InPieces>(&*answer_);
    if (pieces == nullptr) return workers::Progress::kDone;
    auto response = dispatcher_.go_on(exchange_->visit, *pieces, journal);
    if (!response) return workers::Progress::kGoesOn;
    answer_ = *std::move(response);
    return workers::Progress::kDone;
  }

  Answer take() { return answer_ ? *std::move(answer_) : not_answered(); }

 private:
  const Dispatcher& dispatcher_;
  std::shared_ptr<const Exchange> exchange_;
  std::optional<Answer> answer_;
};

}  // namespace

std::string lane_of(const Exchange& exchange) {
  const auto& identity = exchange.visit.identity;
  return identity ? identity->grant : "peer:" + exchange.request.peer;
}

Response too_many_at_once() {
  return std::move(problem(429, "Too many requests of yours wait for an answer; try again later.")
                       .with("Retry-After", "1"));
}

void answer_on_worker(const Behind& behind, std::shared_ptr<const Exchange> exchange,
                      std::stop_token stop, boost::asio::any_io_executor home,
                      std::function<void(Answer)> done) {
  const auto answering = std::make_shared<Answering>(behind.dispatcher, exchange);
  const auto tell = [home, done = std::move(done)](Answer answer) {
    boost::asio::post(home,
                      [done, answer = std::move(answer)]() mutable { done(std::move(answer)); });
  };
  if (behind.workers.is_full()) return tell(too_busy());
  const bool taken = behind.workers.submit(
      {.lane = lane_of(*exchange),
       .stop = std::move(stop),
       .turn = [answering](store::JournalReader& journal) { return answering->turn(journal); },
       .ended =
           [answering, tell](workers::End end) {
             tell(end == workers::End::kDone ? answering->take() : not_answered());
           }});
  if (!taken) tell(too_many_at_once());
}

}  // namespace cc::api
