#pragma once
// What clients asked this gateway to change, and what it answered: a line of JSON each, in a file.
// A line is with the system before the answer is sent, so it outlives a kill -9.

#include <fstream>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "base/clock.h"

namespace cc::sim {

class CallLog {
 public:
  /// Appends. An empty name: nothing is kept.
  explicit CallLog(const std::string& file);

  /// `payload`: of an answer; `refusal`: the message of one. One of them is empty.
  void note(TimeMs at, std::string_view method, const boost::json::object& params,
            std::string_view payload, std::string_view refusal);

 private:
  std::ofstream out_;
};

}  // namespace cc::sim
