#include "api/resources/commands/to_all.h"

#include <algorithm>
#include <memory>
#include <utility>

#include <simdjson.h>

#include "base/guarded.h"
#include "base/json_writer.h"

namespace cc::api {
namespace {

using Done = std::function<void(Response)>;

struct Arrived {
  std::string gateway;
  Response response;
  [[nodiscard]] bool taken() const { return response.status < 300; }
  [[nodiscard]] const std::string& body() const { return std::get<std::string>(response.body); }
};

std::string detail_of(const std::string& problem) {
  simdjson::dom::parser parser;
  std::string_view detail;
  const auto read = parser.parse(problem)["detail"].get(detail);
  return read == simdjson::SUCCESS ? std::string(detail) : std::string();
}

std::string body_of(const std::vector<Arrived>& all) {
  std::string body;
  JsonWriter out(body);
  out.begin_object().key("items").begin_array();
  for (const auto& one : all) {
    if (one.taken()) out.raw(one.body());
  }
  out.end_array().key("refused").begin_array();
  for (const auto& one : all) {
    if (one.taken()) continue;
    out.begin_object()
        .field("gateway", one.gateway)
        .field("status", one.response.status)
        .field("detail", detail_of(one.body()))
        .end_object();
  }
  out.end_array().end_object();
  return body;
}

Response answer_of(const std::vector<Arrived>& all) {
  if (std::ranges::none_of(all, &Arrived::taken)) {
    const std::string why = all.empty() ? "There is no gateway." : detail_of(all.front().body());
    return problem(409, "No gateway takes this. The first one: " + why);
  }
  const bool open = std::ranges::any_of(
      all, [](const Arrived& one) { return one.taken() && one.response.status == 202; });
  return json_response(body_of(all), open ? 202 : 200);
}

/// Responses come on any thread; the last one answers.
class Gathering : public std::enable_shared_from_this<Gathering> {
 public:
  Gathering(std::size_t count, Done done) : left_(count), done_(std::move(done)), all_(count) {}

  void arrived(std::size_t place, std::string gateway, Response response) {
    const MutexLock lock(mutex_);
    all_[place] = {std::move(gateway), std::move(response)};
    if (--left_ == 0) done_(answer_of(all_));
  }

 private:
  Mutex mutex_;
  std::size_t left_ GUARDED_BY(mutex_);
  const Done done_;
  std::vector<Arrived> all_ GUARDED_BY(mutex_);
};

}  // namespace

Later to_all(std::vector<ToOne> each) {
  return Later{[each = std::move(each)](const Done& done) {
    if (each.empty()) return done(answer_of({}));
    const auto gathering = std::make_shared<Gathering>(each.size(), done);
    for (std::size_t i = 0; i < each.size(); ++i) {
      const auto arrive = [gathering, i, gateway = each[i].gateway](Response response) {
        gathering->arrived(i, gateway, std::move(response));
      };
      if (const auto* later = std::get_if<Later>(&each[i].answer)) {
        later->begin(arrive);
      } else {
        arrive(std::get<Response>(each[i].answer));
      }
    }
  }};
}

}  // namespace cc::api
